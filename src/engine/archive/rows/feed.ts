import { once } from 'node:events';
import type { Transform } from 'node:stream';
import { DirectDecoder, type CompressionCodec } from '../compressions';
import { release } from '../io/release';
import type { ChunkList } from '../toc/blocks';
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
  try {
    if (decoder && !(decoder instanceof DirectDecoder)) return await feedStream(parts, decoder, sink);
    const direct = new DirectFeed(decoder, sink);
    for await (const part of parts) direct.push(part);
    return direct.end();
  } finally {
    decoder?.destroy();
  }
}

/** A chunk list larger than this is not decoded in one turn. */
const SMALL = 16 * 1024;

/** Feeds a chunk list of a custom archive, as `feed` does; `watch` is called before every piece. */
export async function feedChunks(
  list: ChunkList,
  codec: CompressionCodec,
  sink: Sink,
  watch: () => void,
): Promise<Error | null> {
  const first = codec.blockAtOnce ? await list.next() : null;
  if (first && list.ended && first.length <= SMALL) {
    const whole = codec.blockAtOnce!(first);
    if (whole) {
      watch();
      sink.push(whole);
      return null;
    }
  }
  const decoder = codec.blockDecoder();
  if (decoder && !(decoder instanceof DirectDecoder))
    return await feed(pieces(first, list, watch), decoder, sink);
  try {
    const direct = new DirectFeed(decoder, sink);
    const give = (piece: Buffer): void => {
      watch();
      direct.push(piece);
    };
    if (first) give(first);
    await list.drain(give);
    return direct.end();
  } finally {
    decoder?.destroy();
  }
}

async function* pieces(first: Buffer | null, list: ChunkList, watch: () => void): AsyncGenerator<Buffer> {
  for (let piece = first ?? (await list.next()); piece; piece = await list.next()) {
    watch();
    yield piece;
  }
}

/** Decodes in the caller's turn, as long as the decoder has nothing to say against it. */
class DirectFeed {
  readonly #decoder: DirectDecoder | null;
  readonly #give: (part: Buffer) => void;
  #failure: Error | null = null;

  constructor(decoder: DirectDecoder | null, sink: Sink) {
    this.#decoder = decoder;
    this.#give = (part) => sink.push(part);
  }

  push(part: Buffer): void {
    if (this.#decoder) this.#attempt(() => this.#decoder!.decode(part, this.#give));
    else this.#give(part);
  }

  end(): Error | null {
    this.#attempt(() => this.#decoder?.finish(this.#give));
    return this.#failure;
  }

  #attempt(work: () => void): void {
    if (this.#failure) return;
    try {
      work();
    } catch (error) {
      this.#failure = error as Error;
    }
  }
}

async function feedStream(
  parts: AsyncIterable<Buffer>,
  decoder: Transform,
  sink: Sink,
): Promise<Error | null> {
  let failure: Error | null = null;
  const closed = new Promise<void>((resolve) => decoder.once('close', resolve));
  // Behind the decoder's own turn, which sends the next piece of work to its thread: both work side by side.
  decoder.on('data', (part: Buffer) =>
    queueMicrotask(() => {
      sink.push(part);
      release(part);
    }),
  );
  decoder.on('error', (error: Error) => (failure ??= error));
  for await (const part of parts) {
    if (failure || decoder.destroyed) continue;
    if (!decoder.write(part)) await Promise.race([once(decoder, 'drain').catch(() => {}), closed]);
  }
  if (!failure) decoder.end();
  await closed;
  return failure;
}
