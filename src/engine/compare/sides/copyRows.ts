import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Submittable } from 'pg';
import { freeMemory } from '../../freeMemory';
import { CopyMessages } from './copyMessages';

/** What pg's connection has; pg-copy-streams takes over its stream in the same way. */
interface Wire {
  stream: Duplex;
  query(text: string): void;
}

/**
 * `COPY … TO STDOUT` as pieces of many rows, each valid until the next is asked for: messages are taken apart where they lie, and
 * nothing is made for one row. Where nobody asks, the server waits.
 */
export class CopyRows implements Submittable {
  readonly #statement: string;
  readonly #messages = CopyMessages.take();
  #wire: Wire | null = null;
  #parse: ((part: Buffer) => void) | null = null;
  /** What came and could not be taken apart yet. */
  #came: Buffer[] = [];
  /** The server sent all, or said why it does not. */
  ended = false;
  failure: Error | null = null;
  #left = false;
  #wake: () => void = () => {};

  constructor(statement: string) {
    this.#statement = statement;
  }

  submit(connection: unknown): void {
    const wire = (this.#wire = connection as Wire);
    const [parse] = wire.stream.listeners('data') as ((part: Buffer) => void)[];
    this.#parse = parse!;
    wire.stream.off('data', parse!).on('data', this.#take);
    wire.query(this.#statement);
  }

  handleError(error: Error): void {
    this.failure = error;
    this.#wake();
  }

  handleCommandComplete(): void {
    // It said before that all rows were sent.
  }

  handleReadyForQuery(): void {
    // The session may be used again.
  }

  readonly #take = (part: Buffer): void => {
    // Rows that nobody wants any more.
    if (this.#left) return;
    this.#came.push(part);
    this.#work();
    if (this.#came.length > 0) this.#wire!.stream.pause();
  };

  #work(): void {
    const messages = this.#messages;
    for (let part = this.#came[0]; part && !messages.rest; part = this.#came[0]) {
      const taken = messages.push(part);
      if (taken < part.length) {
        this.#came[0] = part.subarray(taken);
        break;
      }
      this.#came.shift();
      this.#free(part);
    }
    if (messages.rest) this.#giveBack(messages.rest);
    if (messages.rest || messages.full) this.#wake();
  }

  /** The connection is pg's again, with all that came behind the rows. */
  #giveBack(rest: Buffer): void {
    this.ended = true;
    const { stream } = this.#wire!;
    const parts = [rest, ...this.#came.splice(0)];
    stream.off('data', this.#take).on('data', this.#parse!);
    for (const part of parts) if (part.length > 0) this.#parse!(part);
    stream.resume();
  }

  /** What a socket read lies in memory of its own. */
  #free(part: Buffer): void {
    const { buffer, byteOffset, byteLength } = part;
    if (this.#wire!.stream instanceof Socket && byteOffset + byteLength === buffer.byteLength)
      freeMemory(part);
  }

  /** Ends with what the server says, or when nobody shall wait any more. */
  async *pieces(signal: AbortSignal): AsyncGenerator<Buffer> {
    const stop = (): void => this.#wake();
    signal.addEventListener('abort', stop);
    try {
      for (;;) {
        const waiting = new Promise<void>((resolve) => (this.#wake = resolve));
        signal.throwIfAborted();
        const { ended } = this;
        const piece = ended || this.#messages.full ? this.#messages.take() : null;
        if (piece) {
          // The other piece is filled while this one is worked on.
          if (!ended) this.#goOn();
          yield piece;
        } else if (this.failure) throw this.failure;
        else if (ended) return;
        else await waiting;
      }
    } finally {
      signal.removeEventListener('abort', stop);
      this.#leave();
    }
  }

  #goOn(): void {
    this.#work();
    if (this.#came.length === 0) this.#wire!.stream.resume();
  }

  /** What still comes is read and dropped: a server that cannot send does not hear that it shall stop. */
  #leave(): void {
    if (!this.ended) {
      this.#left = true;
      this.#came = [];
      this.#wire?.stream.resume();
    }
    this.#messages.release();
  }
}
