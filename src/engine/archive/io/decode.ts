import type { Transform } from 'node:stream';
import { DirectDecoder } from '../compressions';

/** Given to a decoder at once: little, because a little can become very much. */
const STEP = 32 * 1024;

/** What a decoder says about its input. */
export class DecodeError extends Error {}

/**
 * Decodes pieces as they are asked for. What a decoder refuses is thrown as `DecodeError`, what reading the
 * pieces throws as it is; both after everything that was decoded before. `onStep` hears between two steps of a
 * decoder that works directly how many bytes the last one gave.
 */
export async function* decode(
  parts: AsyncIterable<Buffer>,
  decoder: Transform,
  onStep: (given: number) => void = () => {},
): AsyncGenerator<Buffer> {
  try {
    if (decoder instanceof DirectDecoder) yield* decodeDirectly(parts, decoder, onStep);
    else yield* decodeStream(parts, decoder);
  } finally {
    decoder.destroy();
  }
}

async function* decodeDirectly(
  parts: AsyncIterable<Buffer>,
  decoder: DirectDecoder,
  onStep: (given: number) => void,
): AsyncGenerator<Buffer> {
  let given: Buffer[] = [];
  const give = (part: Buffer): void => void given.push(Buffer.from(part));
  const attempt = (work: () => void): Error | null => {
    given = [];
    try {
      work();
      return null;
    } catch (error) {
      return new DecodeError((error as Error).message, { cause: error });
    }
  };
  for await (const part of parts)
    for (let at = 0; at < part.length; at += STEP) {
      const failure = attempt(() => decoder.decode(part.subarray(at, at + STEP), give));
      if (!failure) onStep(given.reduce((sum, { length }) => sum + length, 0));
      yield* given;
      if (failure) throw failure;
    }
  const failure = attempt(() => decoder.finish(give));
  yield* given;
  if (failure) throw failure;
}

async function* decodeStream(parts: AsyncIterable<Buffer>, decoder: Transform): AsyncGenerator<Buffer> {
  const state: { failure: Error | null; done: boolean; wake: () => void } = {
    failure: null,
    done: false,
    wake: () => {},
  };
  decoder.on('readable', () => state.wake());
  decoder.on('end', () => {
    state.done = true;
    state.wake();
  });
  decoder.on('close', () => state.wake());
  decoder.on('error', (error: Error) => {
    state.failure ??= new DecodeError(error.message, { cause: error });
    state.wake();
  });
  const fed = feed(parts, decoder).catch((error: unknown) => {
    state.failure ??= error as Error;
    state.wake();
  });
  try {
    for (;;) {
      const waiting = new Promise<void>((resolve) => (state.wake = resolve));
      const part = decoder.read() as Buffer | null;
      if (part) yield part;
      else if (state.failure) throw state.failure;
      else if (state.done || decoder.destroyed) return;
      else await waiting;
    }
  } finally {
    decoder.destroy();
    await fed;
  }
}

async function feed(parts: AsyncIterable<Buffer>, decoder: Transform): Promise<void> {
  for await (const part of parts)
    for (let at = 0; at < part.length; at += STEP) {
      if (decoder.destroyed) return;
      await write(decoder, part.subarray(at, at + STEP));
    }
  if (!decoder.destroyed) decoder.end();
}

/** Until the decoder has worked on a piece, or is gone. */
async function write(decoder: Transform, part: Buffer): Promise<void> {
  await new Promise<void>((resolve) => {
    decoder.once('close', resolve);
    decoder.write(part, () => {
      decoder.off('close', resolve);
      resolve();
    });
  });
}
