import { ByteReader } from './byte-reader';
import type { ByteSource } from './source';

const WINDOW = 256 * 1024;

interface SourceReaderOptions {
  from?: number;
  signal?: AbortSignal;
  /** Bytes read at once. */
  window?: number;
}

/** Reads a source forward from a position; skipping costs nothing where nothing has to be decoded. */
export class SourceReader extends ByteReader {
  readonly size: number | null;
  readonly #source: ByteSource;
  readonly #signal: AbortSignal | undefined;
  readonly #window: number;
  #next: number;
  #parts: AsyncIterator<Buffer> | null = null;

  /** The source stays open when the reader is closed. */
  constructor(source: ByteSource, { from = 0, signal, window = WINDOW }: SourceReaderOptions = {}) {
    super(from);
    this.#window = window;
    this.#source = source;
    this.#signal = signal;
    this.#next = from;
    this.size = source.size;
  }

  protected override async pull(): Promise<Buffer | null> {
    if (this.#source.seekable) {
      const part = await this.#source.read(this.#next, this.#window, this.#signal);
      this.#next += part.length;
      return part.length === 0 ? null : part;
    }
    this.#parts ??= this.#source.stream(this.#next, { signal: this.#signal })[Symbol.asyncIterator]();
    const { done, value } = await this.#parts.next();
    return done ? null : value;
  }

  protected override jump(count: number): boolean {
    if (!this.#source.seekable) return false;
    this.#next += count;
    return true;
  }

  override async close(): Promise<void> {
    await this.#parts?.return?.();
    this.#parts = null;
  }
}
