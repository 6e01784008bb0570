import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline, type Readable } from 'node:stream';
import type { WrapperName } from './types';
import { wrapperOf, wrappers } from './wrappers';

/** The first bytes of a file. */
async function readHead(path: string, length: number): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(length);
    let filled = 0;
    while (filled < length) {
      const { bytesRead } = await file.read(buffer, filled, length - filled, filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return buffer.subarray(0, filled);
  } finally {
    await file.close();
  }
}

export interface Unwrapped {
  stream: Readable;
  wrapper: WrapperName | null;
  /** Bytes read from the file so far (not unwrapped bytes): for progress. */
  bytesRead(): number;
}

/**
 * A file's bytes with gzip, zstd, lz4 or UTF-16 taken off (UTF-16 becomes UTF-8). Destroying the stream
 * closes the file; reading errors and damage arrive as the stream's `error`.
 */
export async function openUnwrapped(path: string): Promise<Unwrapped> {
  const name = wrapperOf(await readHead(path, 16));
  const file = createReadStream(path, { highWaterMark: 256 * 1024 });
  const bytesRead = (): number => file.bytesRead;
  const wrapper = wrappers.find((candidate) => candidate.name === name);
  if (!wrapper) return { stream: file, wrapper: null, bytesRead };
  // Errors reach the reader through the last stream; the callback only keeps them from being unhandled.
  const stream = pipeline(file, wrapper.unwrap(), () => {});
  return { stream, wrapper: wrapper.name, bytesRead };
}
