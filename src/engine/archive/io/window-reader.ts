import { checkAborted } from '../abort';
import { ByteReader } from './byte-reader';
import { FileSource } from './file-source';
import type { ByteSource } from './source';
import { SourceReader } from './source-reader';

/** Bytes read at once. */
const WINDOW = 1024 * 1024;
/** Room in front of a window for what was left of the one before. */
const REST = 64 * 1024;

interface Options {
  from: number;
  signal?: AbortSignal;
}

/**
 * A reader for who reads a source to its end and keeps nothing: what was taken may be overwritten by the next
 * `fill`. As fast as it goes where the source is a file.
 */
export function openForward(source: ByteSource, options: Options): ByteReader {
  return source instanceof FileSource ? new WindowReader(source, options) : new SourceReader(source, options);
}

/** Reads a file through two windows that are used over and over: one is filled while the other one is read. */
class WindowReader extends ByteReader {
  readonly size: number;
  readonly #source: FileSource;
  readonly #signal: AbortSignal | undefined;
  readonly #windows = [Buffer.allocUnsafeSlow(REST + WINDOW), Buffer.allocUnsafeSlow(REST + WINDOW)] as const;
  /** The window to be read next. */
  #turn: 0 | 1 = 0;
  /** Position behind what was read. */
  #next: number;
  #ahead: { position: number; read: Promise<number> } | null = null;

  constructor(source: FileSource, { from, signal }: Options) {
    super(from);
    this.#source = source;
    this.#signal = signal;
    this.#next = from;
    this.size = source.size;
  }

  protected override async join(rest: Buffer, count: number): Promise<Buffer> {
    let joined = rest;
    while (joined.length < count) {
      checkAborted(this.#signal);
      // After a jump, what was read ahead is of no use; but its window is not free before.
      if (this.#ahead && this.#ahead.position !== this.#next) await this.#ahead.read;
      if (this.#ahead?.position !== this.#next) this.#readAhead();
      const length = await this.#ahead!.read;
      this.#ahead = null;
      if (length === 0) break;
      const window = this.#windows[this.#turn];
      if (joined.length <= REST) {
        joined.copy(window, REST - joined.length);
        joined = window.subarray(REST - joined.length, REST + length);
      } else joined = Buffer.concat([joined, window.subarray(REST, REST + length)]);
      this.#next += length;
      this.#turn = this.#turn === 0 ? 1 : 0;
      this.#readAhead();
    }
    return joined;
  }

  /** Everything is read in `join`. */
  protected override async pull(): Promise<null> {
    return null;
  }

  protected override jump(count: number): boolean {
    this.#next += count;
    return true;
  }

  override async close(): Promise<void> {
    await this.#ahead?.read.catch(() => {});
  }

  #readAhead(): void {
    const read = this.#source.readInto(this.#windows[this.#turn].subarray(REST), this.#next);
    // Looked at when it is needed.
    read.catch(() => {});
    this.#ahead = { position: this.#next, read };
  }
}
