import { checkAborted } from '../abort';
import { ChunkList } from '../toc/blocks';
import type { StreamOptions } from '../types';
import { Marks } from './marks';
import { readFromStream, type ByteSource } from './source';
import { SourceReader } from './source-reader';
import { openForward } from './window-reader';

/** A place in a chunk list where reading can begin. */
interface Mark {
  /** Bytes of the list before it. */
  position: number;
  /** Byte of the file. */
  offset: number;
  /** Bytes left of the chunk it lies in. */
  left: number;
}

const WINDOW = 256 * 1024;
const SMALLEST = 4096;
const MOST_MARKS = 4096;
const STEP = 256 * 1024;

/**
 * The bytes of a chunk list of a custom archive. Places met on the way are remembered sparsely, so that
 * reading can begin anywhere that was passed once, and hops over lengths from there on.
 */
export class ChunkSource implements ByteSource {
  readonly seekable = false;
  readonly stored: number | null;
  readonly #file: ByteSource;
  readonly #intSize: number;
  readonly #start: number;
  #size: number | null = null;
  /** Bytes of the file read at once: of a small table not the whole neighbourhood. */
  readonly #window: number;
  readonly #marks = new Marks<Mark>(STEP, MOST_MARKS);

  /** `start`: where the list's first length stands. `stored`: bytes of the block, where known. */
  constructor(file: ByteSource, intSize: number, start: number, stored: number | null) {
    this.#file = file;
    this.stored = stored;
    this.#intSize = intSize;
    this.#start = start;
    this.#window = Math.min(WINDOW, Math.max(SMALLEST, stored ?? WINDOW));
  }

  get size(): number | null {
    return this.#size;
  }

  async read(position: number, length: number, signal?: AbortSignal): Promise<Buffer> {
    return await readFromStream(this, position, length, signal);
  }

  async *stream(position: number, { signal, passing }: StreamOptions = {}): AsyncGenerator<Buffer> {
    const mark = this.#before(position);
    const reader =
      passing && this.#window === WINDOW
        ? openForward(this.#file, { from: mark.offset, ...(signal ? { signal } : {}) })
        : new SourceReader(this.#file, { from: mark.offset, signal, window: this.#window });
    const room = passing ? Buffer.allocUnsafe(this.#window) : undefined;
    try {
      const list = new ChunkList(reader, this.#intSize, mark.left);
      let at = mark.position;
      while (at < position && !list.ended) {
        checkAborted(signal);
        at += await list.skip(Math.min(position - at, STEP));
        this.#note(at, reader.offset, list);
      }
      for (let piece = await list.next(room); piece; piece = await list.next(room)) {
        checkAborted(signal);
        at += piece.length;
        this.#note(at, reader.offset, list);
        yield piece;
      }
      this.#size = at;
    } finally {
      await reader.close();
    }
  }

  storedBefore(position: number): number {
    const mark = this.#before(position);
    return mark.offset - this.#start + (position - mark.position);
  }

  async close(): Promise<void> {}

  #before(position: number): Mark {
    return this.#marks.before(position) ?? { position: 0, offset: this.#start, left: 0 };
  }

  #note(position: number, offset: number, { left, ended }: ChunkList): void {
    if (ended) this.#size = position;
    else if (this.#marks.wants(position)) this.#marks.add({ position, offset, left });
  }
}
