import { once } from 'node:events';
import type { Transform } from 'node:stream';
import { DirectDecoder } from '../compressions';
import type { Sink } from './sink';

/**
 * Feeds pieces through a decoder (or none) into a sink, to the last piece even when the decoder fails,
 * so that the reader stands behind the data afterwards. Returns what the decoder said, null when all went well.
 */
export async function feed(
  parts: AsyncIterable<Buffer>,
  decoder: Transform | null,
  sink: Sink,
): Promise<Error | null> {
  if (!decoder) {
    for await (const part of parts) sink.push(part);
    return null;
  }
  try {
    return decoder instanceof DirectDecoder
      ? await feedDirectly(parts, decoder, sink)
      : await feedStream(parts, decoder, sink);
  } finally {
    decoder.destroy();
  }
}

async function feedDirectly(
  parts: AsyncIterable<Buffer>,
  decoder: DirectDecoder,
  sink: Sink,
): Promise<Error | null> {
  let failure: Error | null = null;
  const attempt = (work: () => void): void => {
    if (failure) return;
    try {
      work();
    } catch (error) {
      failure = error as Error;
    }
  };
  const give = (part: Buffer): void => sink.push(part);
  for await (const part of parts) attempt(() => decoder.decode(part, give));
  attempt(() => decoder.finish(give));
  return failure;
}

async function feedStream(
  parts: AsyncIterable<Buffer>,
  decoder: Transform,
  sink: Sink,
): Promise<Error | null> {
  let failure: Error | null = null;
  const closed = new Promise<void>((resolve) => decoder.once('close', resolve));
  // Behind the decoder's own turn, which sends the next piece of work to its thread: both work side by side.
  decoder.on('data', (part: Buffer) => queueMicrotask(() => sink.push(part)));
  decoder.on('error', (error: Error) => (failure ??= error));
  for await (const part of parts) {
    if (failure || decoder.destroyed) continue;
    if (!decoder.write(part)) await Promise.race([once(decoder, 'drain').catch(() => {}), closed]);
  }
  if (!failure) decoder.end();
  await closed;
  return failure;
}
