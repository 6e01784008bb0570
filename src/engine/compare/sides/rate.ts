import { setTimeout as wait } from 'node:timers/promises';

/** The same pieces, at most so many bytes per second on average; absent: as they come. */
export async function* limited(
  pieces: AsyncIterable<Buffer>,
  rate: number | undefined,
): AsyncGenerator<Buffer> {
  if (rate === undefined) return yield* pieces;
  const began = performance.now();
  let bytes = 0;
  for await (const piece of pieces) {
    yield piece;
    bytes += piece.length;
    const ahead = (bytes / rate) * 1000 - (performance.now() - began);
    if (ahead > 0) await wait(ahead);
  }
}
