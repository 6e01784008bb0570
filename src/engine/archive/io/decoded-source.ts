import type { Transform } from 'node:stream';
import * as l10n from '@vscode/l10n';
import { checkAborted } from '../abort';
import { takesAtOnce, type Lz4Checkpoint, type Lz4Decoder } from '../compressions';
import { damage, DamageError } from '../errors';
import type { StreamOptions } from '../types';
import { Cursor } from './cursor';
import { decode, DecodeError } from './decode';
import { Marks } from './marks';
import { readFromStream, type ByteSource } from './source';
import { Spool, type SpoolBudget } from './spool';
import { untilAborted } from './until-aborted';

/** How a source is decoded. */
export interface Decoding {
  decoder(): Transform;
  resume?(from: Lz4Checkpoint): Lz4Decoder;
  /** Around a whole dump: faults tell positions of what was decoded. */
  wrapper?: boolean;
  /** Bytes of what is decoded, where that is known beforehand. */
  size?: number;
}

/** Read from what is kept at once. */
const PIECE = 256 * 1024;
/** Checkpoints take 64 KiB each. */
const MOST_CHECKPOINTS = 64;
const CHECKPOINT_STEP = 4 * 1024 * 1024;
const MOST_MARKS = 1024;
const MARK_STEP = 1024 * 1024;
/** Readers that may take up where others stopped. */
const MOST_PARKED = 2;

/**
 * What a decoder makes of another source. Going back is as fast as storage allows: from a checkpoint where the
 * decoder can resume, else from a temporary file that keeps the beginning, as much as the budget has room for.
 * What lies beyond is decoded once more, by the reader that stands nearest before it.
 * Closes the other source with itself.
 */
export class DecodedSource implements ByteSource {
  readonly seekable = false;
  readonly #input: ByteSource;
  readonly #decoding: Decoding;
  readonly #spool: Spool | null;
  /** Decodes into the spool; it stands at the spool's end. */
  #producer: Cursor | null = null;
  #advancing: Promise<void> | null = null;
  readonly #parked: Cursor[] = [];
  readonly #checkpoints = new Marks<Lz4Checkpoint & { position: number }>(CHECKPOINT_STEP, MOST_CHECKPOINTS);
  /** Where in the input the decoder stood. */
  readonly #marks = new Marks<{ position: number; input: number }>(MARK_STEP, MOST_MARKS);
  /** Where it stood furthest. */
  #furthest = { position: 0, input: 0 };
  /** The end, once it was met, and what is wrong there. */
  #end: { position: number; failure: Error | null } | null = null;
  #closed = false;

  constructor(input: ByteSource, decoding: Decoding, budget: SpoolBudget) {
    this.#input = input;
    this.#decoding = decoding;
    this.#spool = decoding.resume || budget.none ? null : new Spool(budget);
  }

  get size(): number | null {
    return this.#end && !this.#end.failure ? this.#end.position : (this.#decoding.size ?? null);
  }

  get stored(): number | null {
    return this.#input.stored;
  }

  async read(position: number, length: number, signal?: AbortSignal): Promise<Buffer> {
    return await readFromStream(this, position, length, signal);
  }

  async *stream(position: number, { signal, passing }: StreamOptions = {}): AsyncGenerator<Buffer> {
    if (passing && position === 0 && !this.#spool) return yield* this.#pass(signal);
    this.#spool?.hold();
    try {
      yield* this.#stream(position, signal);
    } finally {
      this.#spool?.release();
    }
  }

  async *#stream(position: number, signal: AbortSignal | undefined): AsyncGenerator<Buffer> {
    const spool = this.#spool;
    let at = position;
    for (;;) {
      checkAborted(signal);
      const kept = spool && at < spool.length ? await spool.read(at, PIECE) : null;
      if (kept) {
        at += kept.length;
        yield kept;
      } else if (this.#end && at >= this.#end.position) {
        if (this.#end.failure) throw this.#end.failure;
        return;
      } else if (spool && !spool.full && !this.#nearest(at)) await this.#advance(signal);
      else return yield* this.#readAlone(at, signal);
    }
  }

  storedBefore(position: number): number {
    const before = this.#marks.before(position) ?? { position: 0, input: 0 };
    const furthest = this.#furthest;
    const after = this.#marks.after(position) ?? (furthest.position > position ? furthest : null);
    // Between two places it is even enough; behind the last one it goes on as all before it.
    const input = after
      ? before.input +
        (position - before.position) * ((after.input - before.input) / (after.position - before.position))
      : position * (furthest.position > 0 ? furthest.input / furthest.position : 0);
    return this.#input.storedBefore(Math.min(Math.round(input), this.#input.size ?? Infinity));
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#advancing?.catch(() => {});
    for (const cursor of [this.#producer, ...this.#parked.splice(0)]) await cursor?.close();
    this.#producer = null;
    await this.#spool?.close();
    await this.#input.close();
  }

  /** Decodes one more piece into the spool; everybody who waits for it waits for the same. */
  async #advance(signal: AbortSignal | undefined): Promise<void> {
    this.#advancing ??= this.#produce().finally(() => (this.#advancing = null));
    await untilAborted(this.#advancing, signal);
  }

  async #produce(): Promise<void> {
    const spool = this.#spool!;
    if (this.#producer && this.#producer.position > spool.length) this.#park(this.#release());
    const cursor = (this.#producer ??= this.#start());
    const part = await this.#next(cursor);
    if (!part) return void this.#release();
    // What is kept already when decoding had to begin anew.
    const known = Math.max(0, spool.length - (cursor.position - part.length));
    if (known >= part.length) return;
    const gap = cursor.position - part.length > spool.length;
    if (!gap && (await spool.append(part.subarray(known)))) return;
    cursor.rewind(cursor.position - part.length);
    this.#park(this.#release());
  }

  /** The producer, which is none from now on. */
  #release(): Cursor {
    const cursor = this.#producer!;
    this.#producer = null;
    return cursor;
  }

  /** Reads on from a position with a decoder of one's own, which is left for others afterwards. */
  async *#readAlone(position: number, signal: AbortSignal | undefined): AsyncGenerator<Buffer> {
    const cursor = this.#take(position);
    let work: Promise<Buffer | null> = Promise.resolve(null);
    try {
      for (;;) {
        work = this.#next(cursor);
        const part = await untilAborted(work, signal);
        if (!part) break;
        const before = position - (cursor.position - part.length);
        if (before < part.length) yield before > 0 ? part.subarray(before) : part;
      }
    } finally {
      // Who is cancelled does not wait for the piece that is being decoded.
      work.then(
        () => this.#park(cursor),
        () => {},
      );
    }
    if (this.#end?.failure) throw this.#end.failure;
  }

  /** Decodes all, and keeps nothing. */
  async *#pass(signal: AbortSignal | undefined): AsyncGenerator<Buffer> {
    let read = 0;
    const input = this.#input;
    const decoder = this.#decoding.decoder();
    const options = { ...(signal ? { signal } : {}), passing: takesAtOnce(decoder) };
    const counted = async function* () {
      for await (const part of input.stream(0, options)) {
        read += part.length;
        yield part;
      }
    };
    let position = 0;
    try {
      for await (const part of decode(counted(), decoder, { passing: true })) {
        checkAborted(signal);
        position += part.length;
        this.#note(position, read);
        yield part;
      }
      this.#end ??= { position, failure: null };
    } catch (error) {
      this.#end = { position, failure: this.#damageOf(error, position) };
      throw this.#end.failure;
    }
  }

  /** The next piece of a cursor; null at the end, which is noted. A cursor that fails otherwise is lost. */
  async #next(cursor: Cursor): Promise<Buffer | null> {
    try {
      const part = await cursor.next();
      if (!part) this.#end ??= { position: cursor.position, failure: null };
      return part;
    } catch (error) {
      if (!(error instanceof DecodeError) && cursor === this.#producer) this.#producer = null;
      this.#end = { position: cursor.position, failure: this.#damageOf(error, cursor.position) };
      return null;
    }
  }

  /** What is wrong with the data behind a position; other errors are thrown. */
  #damageOf(error: unknown, position: number): DamageError {
    if (error instanceof DecodeError) {
      const what = l10n.t('it cannot be decompressed any further: {0}', error.message);
      return damage(what, this.#decoding.wrapper ? position : null);
    }
    if (error instanceof DamageError) return error;
    throw error;
  }

  /** The decoder stands there, having read so much of the input. */
  #note(position: number, input: number): void {
    if (position > this.#furthest.position) this.#furthest = { position, input };
    if (this.#marks.wants(position)) this.#marks.add({ position, input });
  }

  /** A decoder from the beginning, or from a checkpoint. */
  #start(from?: Lz4Checkpoint): Cursor {
    const { resume, decoder } = this.#decoding;
    const decoding = from && resume ? resume(from) : decoder();
    const input = this.#input;
    let read = from?.input ?? 0;
    const counted = async function* () {
      for await (const part of input.stream(read)) {
        read += part.length;
        yield part;
      }
    };
    let given = from?.output ?? 0;
    const onStep = (bytes: number): void => {
      given += bytes;
      if (!resume || !this.#checkpoints.wants(given)) return;
      const checkpoint = (decoding as Lz4Decoder).checkpoint();
      if (checkpoint) this.#checkpoints.add({ ...checkpoint, position: checkpoint.output });
    };
    return new Cursor(decode(counted(), decoding, { onStep }), given, (position) =>
      this.#note(position, read),
    );
  }

  /** The parked cursor that stands nearest to a position it can give. */
  #nearest(position: number): Cursor | undefined {
    let nearest: Cursor | undefined;
    for (const cursor of this.#parked)
      if (cursor.from <= position && (!nearest || cursor.from > nearest.from)) nearest = cursor;
    // What is kept is nearer than a cursor that stands before its end.
    return nearest && nearest.position >= (this.#spool?.length ?? 0) ? nearest : undefined;
  }

  #take(position: number): Cursor {
    const parked = this.#nearest(position);
    const checkpoint = this.#checkpoints.before(position);
    if (!parked || (checkpoint && checkpoint.output > parked.position)) return this.#start(checkpoint);
    this.#parked.splice(this.#parked.indexOf(parked), 1);
    parked.rewind(position);
    return parked;
  }

  #park(cursor: Cursor): void {
    if (!this.#closed) this.#parked.push(cursor);
    const gone = this.#closed ? cursor : this.#parked.length > MOST_PARKED ? this.#parked.shift() : null;
    void gone?.close().catch(() => {});
  }
}
