import { randomUUID } from 'node:crypto';
import { open, unlink, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What the spools of one open dump take of the disk together. */
export class SpoolBudget {
  readonly #limit: number;
  #used = 0;
  /** In the order of their last use. */
  readonly #spools = new Set<Spool>();

  /** `limit` in bytes; 0 for no spools at all. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Nothing is kept at all. */
  get none(): boolean {
    return this.#limit === 0;
  }

  /** Makes room for bytes of a spool, at the cost of those that were not used for longest; false when there is none. */
  async take(spool: Spool, bytes: number): Promise<boolean> {
    this.touch(spool);
    for (const other of this.#spools) {
      if (this.#used + bytes <= this.#limit) break;
      if (other !== spool && other.idle) await other.drop();
    }
    if (this.#used + bytes > this.#limit) return false;
    this.#used += bytes;
    return true;
  }

  give(bytes: number): void {
    this.#used -= bytes;
  }

  touch(spool: Spool): void {
    this.#spools.delete(spool);
    this.#spools.add(spool);
  }

  forget(spool: Spool): void {
    this.#spools.delete(spool);
  }
}

/**
 * The beginning of a decoded sequence, kept in a temporary file that has no name as soon as it is open (where
 * the platform allows it) and that only this user can read. A full disk ends the keeping, not the reading.
 */
export class Spool {
  readonly #budget: SpoolBudget;
  #file: FileHandle | null = null;
  /** Where the platform does not let go of the name of an open file. */
  #path: string | null = null;
  #length = 0;
  #full = false;
  #closed = false;
  #holders = 0;

  constructor(budget: SpoolBudget) {
    this.#budget = budget;
  }

  /** Bytes kept, from the first one on. */
  get length(): number {
    return this.#length;
  }

  /** Nothing more can be kept. */
  get full(): boolean {
    return this.#full;
  }

  /** Nobody is in the middle of reading. */
  get idle(): boolean {
    return this.#holders === 0;
  }

  /** What is kept is not given up for others until `release`. */
  hold(): void {
    this.#holders++;
  }

  release(): void {
    this.#holders--;
  }

  /** Keeps the bytes behind those that are kept; false when there is no room for them. One call at a time. */
  async append(part: Buffer): Promise<boolean> {
    if (this.#full || this.#closed) return false;
    if (!(await this.#budget.take(this, part.length))) this.#full = true;
    else if (!(await this.#write(part))) {
      this.#budget.give(part.length);
      this.#full = true;
    }
    return !this.#full;
  }

  async #write(part: Buffer): Promise<boolean> {
    try {
      this.#file ??= await this.#open();
      for (let at = 0; at < part.length;) {
        const { bytesWritten } = await this.#file.write(part, at, part.length - at, this.#length + at);
        at += bytesWritten;
      }
      this.#length += part.length;
      return true;
    } catch {
      return false;
    }
  }

  async #open(): Promise<FileHandle> {
    const path = join(tmpdir(), `restore-point-${randomUUID()}`);
    const file = await open(path, 'wx+', 0o600);
    await unlink(path).catch(() => (this.#path = path));
    return file;
  }

  /** Up to `length` bytes from a position below `length`; null when they were dropped in the meantime. */
  async read(position: number, length: number): Promise<Buffer | null> {
    this.#budget.touch(this);
    const file = this.#file;
    const wanted = Math.min(length, this.#length - position);
    if (!file || wanted <= 0) return null;
    const buffer = Buffer.allocUnsafe(wanted);
    const { bytesRead } = await file.read(buffer, 0, wanted, position);
    return bytesRead > 0 ? buffer.subarray(0, bytesRead) : null;
  }

  /** Forgets what is kept; it can begin anew. */
  async drop(): Promise<void> {
    const file = this.#file;
    this.#budget.give(this.#length);
    this.#file = null;
    this.#length = 0;
    this.#full = false;
    await file?.close().catch(() => {});
    if (this.#path) await unlink(this.#path).catch(() => {});
    this.#path = null;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#budget.forget(this);
    await this.drop();
  }
}
