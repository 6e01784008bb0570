import type { Transform } from 'node:stream';
import { freeMemory } from '../../freeMemory';
import { DirectDecoder } from '../compressions';
import { release } from './release';

/** Given to a decoder at once: little, because a little can become very much. */
const STEP = 32 * 1024;
/** To one that works in a thread of its own while the piece before is worked on here. */
const STEP_IN_PASSING = 64 * 1024;

/** What a decoder says about its input. */
export class DecodeError extends Error {}

export interface DecodeOptions {
  /** Hears between two steps of a decoder that works directly how many bytes the last one gave. */
  onStep?(given: number): void;
  /** Every piece is freed when the next is asked for. */
  passing?: boolean;
}

/**
 * Decodes pieces as they are asked for. What a decoder refuses is thrown as `DecodeError`, what reading the
 * pieces throws as it is; both after everything that was decoded before.
 */
export async function* decode(
  parts: AsyncIterable<Buffer>,
  decoder: Transform,
  options: DecodeOptions = {},
): AsyncGenerator<Buffer> {
  try {
    if (decoder instanceof DirectDecoder) yield* decodeDirectly(parts, decoder, options);
    else yield* decodeStream(parts, decoder, options.passing ?? false);
  } finally {
    decoder.destroy();
  }
}

async function* decodeDirectly(
  parts: AsyncIterable<Buffer>,
  decoder: DirectDecoder,
  { onStep = () => {}, passing = false }: DecodeOptions,
): AsyncGenerator<Buffer> {
  let given: Buffer[] = [];
  const give = (part: Buffer): void => {
    const copy = passing ? Buffer.allocUnsafeSlow(part.length) : Buffer.allocUnsafe(part.length);
    part.copy(copy);
    given.push(copy);
  };
  const attempt = (work: () => void): Error | null => {
    given = [];
    try {
      work();
      return null;
    } catch (error) {
      return new DecodeError((error as Error).message, { cause: error });
    }
  };
  const all = function* (): Generator<Buffer> {
    for (const part of given) {
      yield part;
      if (passing) freeMemory(part);
    }
  };
  for await (const part of parts)
    for (let at = 0; at < part.length; at += STEP) {
      const failure = attempt(() => decoder.decode(part.subarray(at, at + STEP), give));
      if (!failure) onStep(given.reduce((sum, { length }) => sum + length, 0));
      yield* all();
      if (failure) throw failure;
    }
  const failure = attempt(() => decoder.finish(give));
  yield* all();
  if (failure) throw failure;
}

async function* decodeStream(
  parts: AsyncIterable<Buffer>,
  decoder: Transform,
  passing: boolean,
): AsyncGenerator<Buffer> {
  const given: Buffer[] = [];
  const state: StreamState = { failure: null, done: false, wake: () => {}, feed: () => {} };
  const ahead = passing ? 1 : 0;
  decoder.on('data', (part: Buffer) => {
    given.push(part);
    // A little can become very much: it waits until somebody reads.
    if (given.length > ahead) decoder.pause();
    state.wake();
  });
  decoder.on('end', () => {
    state.done = true;
    state.wake();
  });
  decoder.on('close', () => state.wake());
  decoder.on('error', (error: Error) => {
    state.failure ??= new DecodeError(error.message, { cause: error });
    state.wake();
  });
  const fed = feed(parts, decoder, passing ? STEP_IN_PASSING : STEP, async () => {
    while (given.length > ahead && !decoder.destroyed)
      await new Promise<void>((resolve) => (state.feed = resolve));
  }).catch((error: unknown) => {
    state.failure ??= error as Error;
    state.wake();
  });
  try {
    for (;;) {
      const waiting = new Promise<void>((resolve) => (state.wake = resolve));
      // What it held back when something failed came before that.
      const held = given.length === 0 && state.failure ? (decoder.read() as Buffer | null) : null;
      const part = given.shift() ?? held;
      if (part) {
        // The decoder's next step begins while this piece is worked on.
        decoder.resume();
        state.feed();
        yield part;
        if (passing) release(part);
      } else if (state.failure) throw state.failure;
      else if (state.done || decoder.destroyed) return;
      else await waiting;
    }
  } finally {
    decoder.destroy();
    state.feed();
    await fed;
  }
}

interface StreamState {
  failure: Error | null;
  done: boolean;
  wake(): void;
  feed(): void;
}

/** Writes step by step, each when it is `wanted`. */
async function feed(
  parts: AsyncIterable<Buffer>,
  decoder: Transform,
  step: number,
  wanted: () => Promise<void>,
): Promise<void> {
  for await (const part of parts)
    for (let at = 0; at < part.length; at += step) {
      await wanted();
      if (decoder.destroyed) return;
      await write(decoder, part.subarray(at, at + step));
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
