import { createHash } from 'node:crypto';
import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Writable } from 'node:stream';
import { explainFileError } from '../../fileFailure';
import type { Sum } from './types';

/** A file being written (0600, its folder made 0700), hashed on the way. Its errors are explained ones. */
export class FileSink extends Writable {
  readonly path: string;
  readonly #handle: FileHandle;
  readonly #hash = createHash('sha256');
  #bytes = 0;
  #closed: Promise<void> | undefined;

  private constructor(path: string, handle: FileHandle) {
    super({ highWaterMark: 1 << 20, decodeStrings: true });
    this.path = path;
    this.#handle = handle;
  }

  static async open(path: string): Promise<FileSink> {
    try {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      return new FileSink(path, await open(path, 'w', 0o600));
    } catch (error) {
      throw explainFileError(error, path);
    }
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Of everything written; once, after the end. */
  sum(): Sum {
    return { sha256: this.#hash.digest('hex'), bytes: this.#bytes };
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: (error?: Error) => void): void {
    this.#store([chunk]).then(() => callback(), callback);
  }

  override _writev(chunks: { chunk: Buffer }[], callback: (error?: Error) => void): void {
    this.#store(chunks.map(({ chunk }) => chunk)).then(() => callback(), callback);
  }

  override _final(callback: (error?: Error) => void): void {
    this.#close().then(() => callback(), callback);
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#close().then(
      () => callback(error),
      (closing: Error) => callback(error ?? closing),
    );
  }

  async #store(chunks: Buffer[]): Promise<void> {
    try {
      for (const chunk of chunks) {
        for (let written = 0; written < chunk.length;)
          written += (await this.#handle.write(chunk, written)).bytesWritten;
        this.#hash.update(chunk);
        this.#bytes += chunk.length;
      }
    } catch (error) {
      throw explainFileError(error, this.path);
    }
  }

  /** Some file systems report a full disk only here. */
  async #close(): Promise<void> {
    this.#closed ??= this.#handle.close().catch((error: unknown) => {
      throw explainFileError(error, this.path);
    });
    await this.#closed;
  }
}
