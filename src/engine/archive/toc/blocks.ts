import * as l10n from '@vscode/l10n';
import { damage, type DamageError } from '../errors';
import type { ByteReader } from '../io/byte-reader';
import { DATA, giveKernel, takeKernel, type Kernel } from '../kernel';

/** Chunks are handed on in pieces of this size: some writers make one chunk per row. */
const PIECE = 512 * 1024;
const FIRST = 32 * 1024;
/** Chunks smaller than this are joined by the kernel, as far as they are in memory. */
const SMALL = 1024;
/** Where in a kernel's memory they are joined; what they are taken from lies before, with some room between. */
const PIECES = DATA + PIECE + 1024;

/** One for all lists: it is used within one synchronous step only. */
let shared: Kernel | null | undefined;

/** Reads one sign-and-magnitude integer. */
export async function readInt(reader: ByteReader, intSize: number, what: string): Promise<number> {
  if (reader.available <= intSize && !(await reader.fill(intSize + 1))) throw cut(reader, what);
  return reader.int(intSize);
}

/**
 * The bytes of one chunk list of a custom archive. Every length is checked against what is there; a length is
 * never allocated, only read up to. Between two calls, the reader's position and `left` say where reading can
 * go on another time. Damage is thrown after all bytes before it were given.
 */
export class ChunkList {
  /** Bytes of the chunk the reader stands in. */
  left: number;
  /** The end of the list was met; the reader stands behind it. */
  ended = false;
  readonly #reader: ByteReader;
  readonly #intSize: number;
  readonly #kernel: Kernel | null;
  /** Of the next piece: small at first, since most lists are. */
  #pieceSize = FIRST;
  #failure: DamageError | null = null;

  /** `kernel` null: without it. */
  constructor(
    reader: ByteReader,
    intSize: number,
    left = 0,
    kernel: Kernel | null = (shared ??= takeKernel()),
  ) {
    this.#reader = reader;
    this.#intSize = intSize;
    this.#kernel = intSize === 4 ? kernel : null;
    this.left = left;
  }

  /** The next bytes, in `room` where it is given; null at the end of the list. */
  async next(room?: Buffer): Promise<Buffer | null> {
    const piece = room ?? Buffer.allocUnsafe(this.#pieceSize);
    this.#pieceSize = Math.min(4 * this.#pieceSize, PIECE);
    const filled = await this.#fill(piece, this.#kernel);
    return filled > 0 ? piece.subarray(0, filled) : null;
  }

  /** Gives all bytes up to the end of the list; every piece is overwritten after `give` returned. */
  async drain(give: (piece: Buffer) => void): Promise<void> {
    const kernel = this.#kernel && takeKernel();
    try {
      kernel?.reserve(PIECES + PIECE);
      const piece = kernel ? kernel.bytes.subarray(PIECES, PIECES + PIECE) : Buffer.allocUnsafe(PIECE);
      for (;;) {
        const filled = await this.#fill(piece, kernel);
        if (filled === 0) return;
        give(piece.subarray(0, filled));
      }
    } finally {
      if (kernel) giveKernel(kernel);
    }
  }

  /** Fills a piece as far as the list goes; 0 at its end. */
  async #fill(piece: Buffer, kernel: Kernel | null): Promise<number> {
    const reader = this.#reader;
    const needed = this.#intSize + 1;
    let filled = 0;
    while (filled < piece.length && !this.ended && !this.#failure) {
      // Nothing is waited for while bytes are in memory: a waiting per row would cost more than the reading.
      if (this.left === 0) {
        if (reader.available >= needed || (await reader.fill(needed))) this.#head();
        else this.#failure = cut(reader, l10n.t('the data'));
      } else if (reader.available > 0 || (await reader.fill(1))) {
        const part = Math.min(this.left, reader.available, piece.length - filled);
        const small = part === this.left && part < SMALL;
        reader.copyTo(piece, filled, part);
        this.left -= part;
        filled += part;
        if (small && kernel) filled += this.#join(kernel, piece.subarray(filled));
      } else this.#failure = cut(reader, l10n.t('the data'));
    }
    if (filled === 0 && this.#failure) throw this.#failure;
    return filled;
  }

  /** Hops over bytes without looking at them; returns how many there were, fewer only at the end of the list. */
  async skip(count: number): Promise<number> {
    const reader = this.#reader;
    const needed = this.#intSize + 1;
    let skipped = 0;
    while (skipped < count && !this.ended) {
      if (this.#failure) throw this.#failure;
      if (this.left === 0) {
        if (reader.available >= needed || (await reader.fill(needed))) this.#head();
        else this.#failure = cut(reader, l10n.t('the data'));
        continue;
      }
      const part = Math.min(this.left, count - skipped);
      if (part <= reader.available) reader.take(part);
      else if (!(await reader.skip(part))) {
        this.#failure = cut(reader, l10n.t('the data'));
        continue;
      }
      this.left -= part;
      skipped += part;
    }
    return skipped;
  }

  /** Takes the whole chunks that are in memory already; the reader then stands before what is left of them. */
  #join(kernel: Kernel, to: Buffer): number {
    const reader = this.#reader;
    const size = Math.min(reader.available, PIECE);
    // A piece that lies in the kernel's memory is filled in place.
    const inPlace = to.buffer === kernel.bytes.buffer;
    if (!inPlace) kernel.reserve(PIECES + PIECE);
    const joined = inPlace ? to.byteOffset : PIECES;
    reader.peek(size).copy(kernel.bytes, DATA);
    reader.take(kernel.loops.unchunk(DATA, size, joined, to.length));
    const filled = kernel.loops.filled.value;
    if (!inPlace) kernel.bytes.copy(to, 0, joined, joined + filled);
    return filled;
  }

  /** Takes the length of the next chunk. */
  #head(): void {
    const reader = this.#reader;
    const at = reader.offset;
    const length = reader.int(this.#intSize);
    if (length === 0) this.ended = true;
    else if (length < 0 || length > reader.remaining) {
      const what = l10n.t('a piece of data claims {0} bytes, more than the file can hold', length);
      this.#failure = damage(what, at);
    } else this.left = length;
  }
}

function cut(reader: ByteReader, what: string): DamageError {
  return damage(l10n.t('the file ends inside {0}', what), reader.offset + reader.available);
}
