import { open, type FileHandle } from 'node:fs/promises';
import { ByteReader } from './byte-reader';

const WINDOW = 256 * 1024;

/** Reads a file forward through a window; skipping costs nothing. */
export class FileReader extends ByteReader {
  readonly size: number;
  readonly #file: FileHandle;
  #next = 0;

  private constructor(file: FileHandle, size: number) {
    super();
    this.#file = file;
    this.size = size;
  }

  static async open(path: string): Promise<FileReader> {
    const file = await open(path, 'r');
    try {
      return new FileReader(file, (await file.stat()).size);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  protected override async pull(): Promise<Buffer | null> {
    const { bytesRead, buffer } = await this.#file.read(Buffer.allocUnsafe(WINDOW), 0, WINDOW, this.#next);
    this.#next += bytesRead;
    return bytesRead === 0 ? null : buffer.subarray(0, bytesRead);
  }

  protected override jump(count: number): boolean {
    this.#next += count;
    return true;
  }

  override async close(): Promise<void> {
    await this.#file.close();
  }
}
