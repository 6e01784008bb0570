import { DATA, kernelAround, takeKernel, type Kernel } from '../kernel';

const LF = 10;
const TAB = 9;
const BACKSLASH = 92;
/** The lines `\.` and `\.` with a carriage return, the first byte lowest. */
const END_LINES = [0x2e5c, 0x0d2e5c];

/** What may stand behind a backslash in rows a server wrote: `bfnrtvN`, `.`, `\`, `x`, digits, an end of line. */
const KNOWN_ESCAPES = new Uint8Array(256);
for (const byte of Buffer.from('bfnrtvN.\\x01234567\r\n')) KNOWN_ESCAPES[byte] = 1;

/** Below this the way into the kernel costs more than it saves. */
const WORTH_IT = 64;
/** Bytes copied into the kernel's memory at once: they stay in the processor's cache. */
const STEP = 64 * 1024;

/** One for all counters: it is used within one synchronous step only. */
let shared: Kernel | null | undefined;

/**
 * Counts rows of COPY text up to its end line `\.`, in pieces. A value never holds a raw line feed or tab:
 * they are escaped, so lines are rows and tabs part columns in every encoding PostgreSQL writes.
 */
export class CopyCounter {
  rows = 0;
  /** Bytes of the rows, without the end line. */
  bytes = 0;
  /** The end line was met. */
  ended = false;
  /** First row (from 1) with another number of columns than expected; 0 for none. */
  misfit = 0;
  /** Rows before the first with a backslash no server writes; null for none. See `suspicious` in plain scripts. */
  oddEscapeAfter: number | null = null;
  readonly #kernel: Kernel | null;
  /** -1 when not known. */
  readonly #expectedTabs: number;
  #tabs = 0;
  /** Bytes of the unfinished line, and its first three, the first lowest, as long as it has no more. */
  #length = 0;
  #first = 0;
  #escaped = false;

  /** `columns` as the COPY statement lists them, null when not known. `kernel` null: without it. */
  constructor(columns: number | null, kernel: Kernel | null = (shared ??= takeKernel())) {
    this.#expectedTabs = columns === null ? -1 : Math.max(0, columns - 1);
    this.#kernel = kernel;
  }

  /** Whether the data stops inside a line. */
  get insideLine(): boolean {
    return this.#length > 0;
  }

  /** Reads on from `from`; returns the index behind the end line, or -1 when it is not in this piece. */
  consume(part: Buffer, from = 0): number {
    const kernel = this.#kernel;
    if (!kernel || part.length - from < WORTH_IT) return this.#loop(part, from);
    const around = kernelAround(part);
    if (around) {
      const end = this.#count(around, part.byteOffset + from, part.length - from);
      return end < 0 ? -1 : end - part.byteOffset;
    }
    kernel.reserve(DATA + STEP);
    for (let at = from; at < part.length; at += STEP) {
      const size = part.copy(kernel.bytes, DATA, at, at + STEP);
      const end = this.#count(kernel, DATA, size);
      if (end >= 0) return at + end - DATA;
    }
    return -1;
  }

  #count({ loops }: Kernel, from: number, size: number): number {
    loops.misfit.value = 0;
    loops.odd.value = -1;
    loops.tabs.value = this.#tabs;
    loops.length.value = Math.min(this.#length, 0x3fffffff);
    loops.first.value = this.#first;
    loops.escaped.value = this.#escaped ? 1 : 0;
    loops.expected.value = this.#expectedTabs;
    const end = loops.count(from, size);
    if (loops.misfit.value > 0 && this.misfit === 0) this.misfit = this.rows + loops.misfit.value;
    if (loops.odd.value >= 0) this.oddEscapeAfter ??= this.rows + loops.odd.value;
    this.rows += loops.rows.value;
    this.ended = end >= 0;
    this.bytes += this.ended ? loops.line.value - from : size;
    this.#tabs = loops.tabs.value;
    this.#length = loops.length.value;
    this.#first = loops.first.value;
    this.#escaped = loops.escaped.value === 1;
    return end;
  }

  /** The same as the kernel's `count`. */
  #loop(part: Buffer, from: number): number {
    let tabs = this.#tabs;
    let rows = this.rows;
    let lineStart = from - this.#length;
    const expected = this.#expectedTabs;
    const end = part.length;
    let i = from;
    if (this.#escaped && i < end) i = this.#escape(part, i);
    // This loop sees every byte of a dump: nothing in it but what must be.
    for (; i < end; i++) {
      const byte = part[i]!;
      if (byte > 13 && byte !== BACKSLASH) continue;
      if (byte === TAB) tabs++;
      else if (byte === LF) {
        const length = i - lineStart;
        if (
          (length === 2 || length === 3) &&
          END_LINES.includes(this.#begin(part, from, lineStart, length))
        ) {
          this.bytes += lineStart - from;
          this.rows = rows;
          this.ended = true;
          return i + 1;
        }
        rows++;
        if (tabs !== expected && expected >= 0 && this.misfit === 0) this.misfit = rows;
        tabs = 0;
        lineStart = i + 1;
      } else if (byte === BACKSLASH) {
        this.rows = rows;
        if (i + 1 < end) i = this.#escape(part, i + 1) - 1;
        else this.#escaped = true;
      }
    }
    const length = end - lineStart;
    if (length <= 3) this.#first = this.#begin(part, from, lineStart, length);
    this.#length = length;
    this.#tabs = tabs;
    this.rows = rows;
    this.bytes += end - from;
    return -1;
  }

  /** Looks at the byte behind a backslash; returns where to go on. */
  #escape(part: Buffer, at: number): number {
    const byte = part[at]!;
    this.#escaped = false;
    if (KNOWN_ESCAPES[byte] === 0) this.oddEscapeAfter ??= this.rows;
    return byte === LF ? at : at + 1;
  }

  /** The bytes of a line of at most three, the first lowest; what came before `from` is remembered. */
  #begin(part: Buffer, from: number, start: number, length: number): number {
    const before = Math.max(0, from - start);
    let bytes = before > 0 ? this.#first : 0;
    for (let n = before; n < length; n++) bytes |= part[start + n]! << (8 * n);
    return bytes;
  }
}
