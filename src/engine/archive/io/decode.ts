import type { Transform } from 'node:stream';

/** Written to a decoder at once: little, because a little can become very much. */
const STEP = 32 * 1024;

/** What a decoder says about its input. */
export class DecodeError extends Error {}

/**
 * Decodes pieces as they are asked for. What a decoder refuses is thrown as `DecodeError`, what reading the
 * pieces throws as it is; both after everything that was decoded before.
 */
export async function* decode(parts: AsyncIterable<Buffer>, decoder: Transform): AsyncGenerator<Buffer> {
  let failure: Error | null = null;
  let done = false;
  let wake = (): void => {};
  const changed = (): void => wake();
  decoder.on('readable', changed);
  decoder.on('end', () => ((done = true), changed()));
  decoder.on('close', changed);
  decoder.on('error', (error: Error) => {
    failure ??= new DecodeError(error.message, { cause: error });
    changed();
  });
  const write = async (part: Buffer): Promise<void> => {
    await new Promise<void>((resolve) => {
      decoder.once('close', resolve);
      decoder.write(part, () => {
        decoder.off('close', resolve);
        resolve();
      });
    });
  };
  const fed = (async () => {
    try {
      for await (const part of parts)
        for (let at = 0; at < part.length && !decoder.destroyed; at += STEP)
          await write(part.subarray(at, at + STEP));
      if (!decoder.destroyed) decoder.end();
    } catch (error) {
      failure ??= error as Error;
      changed();
    }
  })();
  try {
    for (;;) {
      const waiting = new Promise<void>((resolve) => (wake = resolve));
      const part = decoder.read() as Buffer | null;
      if (part) {
        yield part;
        continue;
      }
      if (failure) throw failure as Error;
      if (done || decoder.destroyed) return;
      await waiting;
    }
  } finally {
    decoder.destroy();
    await fed;
  }
}
