import { open, type FileHandle } from 'node:fs/promises';
import { checkAborted } from '../abort';
import type { ReadOptions } from '../types';
import type { ByteSource } from './source';

const WINDOW = 256 * 1024;

/** A file. */
export class FileSource implements ByteSource {
  readonly size: number;
  readonly seekable = true;
  readonly #file: FileHandle;

  private constructor(file: FileHandle, size: number) {
    this.#file = file;
    this.size = size;
  }

  static async open(path: string): Promise<FileSource> {
    const file = await open(path, 'r');
    try {
      return new FileSource(file, (await file.stat()).size);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  get stored(): number {
    return this.size;
  }

  async read(position: number, length: number, signal?: AbortSignal): Promise<Buffer> {
    checkAborted(signal);
    // A length that a damaged file claims is not allocated beyond what the file has.
    const buffer = Buffer.allocUnsafe(Math.max(0, Math.min(length, this.size - position)));
    return buffer.subarray(0, await this.readInto(buffer, position));
  }

  /** Fills memory from a position; returns how much there was. */
  async readInto(target: Buffer, position: number): Promise<number> {
    let filled = 0;
    while (filled < target.length) {
      const { bytesRead } = await this.#file.read(target, filled, target.length - filled, position + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return filled;
  }

  async *stream(position: number, { signal }: ReadOptions = {}): AsyncGenerator<Buffer> {
    for (let at = position; ;) {
      const part = await this.read(at, WINDOW, signal);
      if (part.length === 0) return;
      at += part.length;
      yield part;
    }
  }

  storedBefore(position: number): number {
    return Math.min(position, this.size);
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}
