/**
 * Reads a byte sequence forward. `fill` is the only asynchronous step in the common path: after
 * `await fill(n)` the synchronous takers may use up to `n` bytes, so that small fields cost no turns.
 * Positions count from the first byte of the file (or of the unwrapped stream).
 */
export abstract class ByteReader {
  /** Bytes in all, null when only the end will tell. */
  abstract readonly size: number | null;
  #buffer: Buffer = Buffer.alloc(0);
  #at = 0;
  #base: number;
  #ended = false;

  /** `base`: position of the first byte. */
  constructor(base = 0) {
    this.#base = base;
  }

  /** Position of the next byte. */
  get offset(): number {
    return this.#base + this.#at;
  }

  /** Bytes that can be taken without waiting. */
  get available(): number {
    return this.#buffer.length - this.#at;
  }

  /** Bytes left, as far as the size is known. */
  get remaining(): number {
    return this.size === null ? Number.MAX_SAFE_INTEGER : this.size - this.offset;
  }

  /** The next piece of the sequence, null at its end. */
  protected abstract pull(): Promise<Buffer | null>;

  /** Moves on by `count` bytes beyond what was pulled; false when it cannot (they are read then). */
  protected abstract jump(count: number): boolean;

  abstract close(): Promise<void>;

  /** Whether `count` bytes can be taken now, waiting for them if need be. */
  async fill(count: number): Promise<boolean> {
    if (this.available >= count) return true;
    const joined = await this.join(this.#buffer.subarray(this.#at), count);
    this.#base += this.#at;
    this.#at = 0;
    this.#buffer = joined;
    return joined.length >= count;
  }

  /** What was not taken yet and what follows it, in one; shorter than `count` only at the end. */
  protected async join(rest: Buffer, count: number): Promise<Buffer> {
    const parts = [rest];
    let have = rest.length;
    while (have < count && !this.#ended) {
      const part = await this.pull();
      if (part === null) this.#ended = true;
      else {
        parts.push(part);
        have += part.length;
      }
    }
    return parts.length === 1 ? rest : Buffer.concat(parts);
  }

  /** Takes one byte; only after a `fill` that said yes. */
  byte(): number {
    return this.#buffer[this.#at++]!;
  }

  /** Takes bytes; only after a `fill` that said yes. The result shares the reader's memory. */
  take(count: number): Buffer {
    const from = this.#at;
    this.#at += count;
    return this.#buffer.subarray(from, from + count);
  }

  /** Takes a sign byte and a magnitude of `size` bytes, least significant first; only after a `fill`. */
  int(size: number): number {
    const from = this.#at;
    this.#at += size + 1;
    let value = 0;
    for (let i = from + size; i > from; i--) value = value * 256 + this.#buffer[i]!;
    return this.#buffer[from] === 0 ? value : -value;
  }

  /** Takes bytes into another buffer; only after a `fill`. */
  copyTo(target: Buffer, at: number, count: number): void {
    this.#buffer.copy(target, at, this.#at, this.#at + count);
    this.#at += count;
  }

  /** Looks at bytes without taking them. */
  peek(count: number): Buffer {
    return this.#buffer.subarray(this.#at, this.#at + count);
  }

  /** Moves on; false when the sequence ends before. */
  async skip(count: number): Promise<boolean> {
    if (count <= this.available) {
      this.#at += count;
      return true;
    }
    if (count > this.remaining) return false;
    let rest = count - this.available;
    this.#base += this.#buffer.length;
    this.#at = 0;
    this.#buffer = Buffer.alloc(0);
    if (this.jump(rest)) {
      this.#base += rest;
      return true;
    }
    while (rest > 0) {
      const part = await this.pull();
      if (part === null) {
        this.#ended = true;
        return false;
      }
      if (part.length > rest) {
        this.#buffer = part;
        this.#at = rest;
        return true;
      }
      this.#base += part.length;
      rest -= part.length;
    }
    return true;
  }
}
