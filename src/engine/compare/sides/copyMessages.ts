import binary from './copyMessages.wat';

/** Bytes of messages that are worked on at once, and bytes of rows that are given on at once. */
const INPUT_ROOM = 64 * 1024;
const PIECE = 128 * 1024;
const SLACK = 64;
const PAGE = 64 * 1024;
const INPUT = 0;
/** Two pieces: one is filled while the other is worked on. */
const PIECES = [INPUT_ROOM + SLACK, INPUT_ROOM + PIECE + 2 * SLACK] as const;
const END = PIECES[1] + PIECE + SLACK;

/** Types of messages: https://www.postgresql.org/docs/current/protocol-message-formats.html */
const COPY_DONE = 'c'.charCodeAt(0);
const PASSED_OVER = ['H', 'S', 'N', 'A'].map((type) => type.charCodeAt(0));
/** Type and length. */
const HEAD = 5;

interface Loop {
  memory: WebAssembly.Memory;
  left: WebAssembly.Global<'i32'>;
  filled: WebAssembly.Global<'i32'>;
  other: WebAssembly.Global<'i32'>;
  unwrap(from: number, size: number, to: number, room: number): number;
}

let compiled: WebAssembly.Module | undefined;
const spare: CopyMessages[] = [];
const MOST_SPARE = 4;

/** Takes rows out of the messages of `COPY … TO STDOUT`, into two pieces that are filled in turn. */
export class CopyMessages {
  readonly #loop: Loop;
  readonly #bytes: Buffer;
  /** Bytes of a head of a message that is not all there, before the next input. */
  #kept = 0;
  /** Bytes still to come of a message that is none of rows. */
  #over = 0;
  #turn: 0 | 1 = 0;
  #filled = 0;
  /** What is none of the rows: begins with the first message behind them. Null before it was met. */
  rest: Buffer | null = null;

  static take(): CopyMessages {
    const found = spare.pop() ?? new CopyMessages();
    found.#begin();
    return found;
  }

  private constructor() {
    compiled ??= new WebAssembly.Module(binary);
    this.#loop = new WebAssembly.Instance(compiled).exports as unknown as Loop;
    const { memory } = this.#loop;
    memory.grow(Math.ceil((END - memory.buffer.byteLength) / PAGE));
    this.#bytes = Buffer.from(memory.buffer);
  }

  #begin(): void {
    [this.#kept, this.#over, this.#turn, this.#filled, this.rest] = [0, 0, 0, 0, null];
    this.#loop.left.value = 0;
  }

  /** To be called when nothing more is asked of it, and of no piece. */
  release(): void {
    if (spare.length < MOST_SPARE) spare.push(this);
  }

  /** Nothing more can be pushed before a piece is taken. */
  get full(): boolean {
    return this.#filled === PIECE;
  }

  /** Takes bytes of the server, as many as there is room for; how many. */
  push(part: Buffer): number {
    let at = 0;
    while (at < part.length && !this.full && !this.rest) {
      if (this.#over > 0) {
        const passed = Math.min(this.#over, part.length - at);
        this.#over -= passed;
        at += passed;
        continue;
      }
      at += this.#unwrap(part, at);
    }
    return at;
  }

  #unwrap(part: Buffer, from: number): number {
    const { unwrap, filled, other } = this.#loop;
    const kept = this.#kept;
    const size = kept + part.copy(this.#bytes, INPUT + kept, from, from + INPUT_ROOM - kept);
    const done = unwrap(INPUT, size, PIECES[this.#turn] + this.#filled, PIECE - this.#filled);
    this.#filled += filled.value;
    this.#kept = 0;
    if (other.value) return this.#pass(part, from, done - kept);
    if (size - done < HEAD && !this.full) {
      this.#bytes.copyWithin(INPUT, done, size);
      this.#kept = size - done;
      return size - kept;
    }
    // What was kept was part of a head, and came before the room ended.
    return done - kept;
  }

  /** Before a message of another type, whose head is there; `at` may be negative: it began before this part. */
  #pass(part: Buffer, from: number, at: number): number {
    const head =
      at < 0 ? this.#bytes.subarray(INPUT, INPUT + HEAD) : part.subarray(from + at, from + at + HEAD);
    const type = head[0]!;
    if (PASSED_OVER.includes(type)) {
      this.#over = head.readInt32BE(1) - 4;
      return at + HEAD;
    }
    this.rest = Buffer.concat([head, part.subarray(from + at + HEAD)]);
    if (type === COPY_DONE) this.rest = this.rest.subarray(HEAD);
    return part.length - from;
  }

  /** What is filled so far, valid until the next is taken; null where that is nothing. */
  take(): Buffer | null {
    if (this.#filled === 0) return null;
    const begin = PIECES[this.#turn];
    const piece = this.#bytes.subarray(begin, begin + this.#filled);
    this.#turn = this.#turn === 0 ? 1 : 0;
    this.#filled = 0;
    return piece;
  }
}
