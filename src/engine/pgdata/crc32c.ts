import binary from './crc32c.wat';

/** Where data begins in the memory: behind the tables. */
const DATA = 8 * 1024;
/** Bytes of others that are looked at in one go. */
const PIECE = 64 * 1024;

interface Loop {
  memory: WebAssembly.Memory;
  crc(from: number, size: number, running: number): number;
}

let compiled: WebAssembly.Module | undefined;

/** CRC-32C (PostgreSQL's port/pg_crc32c.h) over bytes that lie in memory of its own: `bytes` is filled by the caller. */
export class Crc32c {
  readonly #loop: Loop;
  readonly bytes: Buffer;

  /** Room for `size` bytes. */
  constructor(size: number) {
    compiled ??= new WebAssembly.Module(binary);
    this.#loop = new WebAssembly.Instance(compiled).exports as unknown as Loop;
    const { memory } = this.#loop;
    const missing = DATA + size - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / (64 * 1024)));
    this.bytes = Buffer.from(memory.buffer, DATA, size);
  }

  /** On from a checksum over `bytes[from..to]`; the first is `BEGIN`. */
  over(from: number, to: number, running: number): number {
    return this.#loop.crc(DATA + from, to - from, running);
  }

  static readonly BEGIN = -1;

  /** The checksum as it is stored: an unsigned number. */
  static end(running: number): number {
    return ~running >>> 0;
  }
}

let shared: Crc32c | undefined;

/** On from a checksum over bytes that lie anywhere; the first is `Crc32c.BEGIN`. */
export function crc32cStep(running: number, bytes: Buffer): number {
  shared ??= new Crc32c(PIECE);
  let state = running;
  for (let at = 0; at < bytes.length; at += PIECE)
    state = shared.over(0, bytes.copy(shared.bytes, 0, at, at + PIECE), state);
  return state;
}

/** The CRC-32C of bytes, as an unsigned number. */
export function crc32c(bytes: Buffer): number {
  return Crc32c.end(crc32cStep(Crc32c.BEGIN, bytes));
}
