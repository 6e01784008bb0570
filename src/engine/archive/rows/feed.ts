import { once } from 'node:events';
import type { Transform } from 'node:stream';
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
  let failure: Error | null = null;
  const closed = new Promise<void>((resolve) => decoder.once('close', resolve));
  decoder.on('data', (part: Buffer) => sink.push(part));
  decoder.on('error', (error: Error) => (failure ??= error));
  try {
    for await (const part of parts) {
      if (failure || decoder.destroyed) continue;
      if (!decoder.write(part)) await Promise.race([once(decoder, 'drain').catch(() => {}), closed]);
    }
    if (!failure) decoder.end();
    await closed;
  } finally {
    decoder.destroy();
  }
  return failure;
}
