import * as l10n from '@vscode/l10n';
import { checkAborted } from '../abort';
import { damage } from '../errors';
import type { ByteReader } from '../io/byte-reader';
import type { ByteSource } from '../io/source';
import { SourceReader } from '../io/source-reader';
import { blockBegins, LARGE_OBJECTS, TABLE_DATA } from '../toc/block-head';
import { readInt } from '../toc/blocks';
import type { Toc } from '../toc/entries';
import type { Entry } from '../types';

/** A data block of a custom archive. */
export interface Block {
  type: typeof TABLE_DATA | typeof LARGE_OBJECTS;
  /** The entry it belongs to. */
  id: number;
  /** Byte of its type. */
  at: number;
  /** Byte of its body. */
  body: number;
}

/** Looked through at once for the next block. */
const WINDOW = 4 * 1024 * 1024;
/** As much as blocks are told by. */
const HEAD = 64;
/** The file is read this many times over at most, however often its structure breaks. */
const MOST_PASSES = 8;

/**
 * Meets the data blocks of a custom archive one after the other, each entry's once. Where the structure is
 * broken, finds the next place that begins like the block of an entry whose data was not met yet.
 */
export class BlockSearch {
  /** Entries whose data was not met yet. */
  readonly pending: Map<number, Entry>;
  readonly #toc: Toc;
  /** All entries; made when damage is met. */
  #known: Set<number> | undefined;
  readonly #met = new Set<number>();
  #read = 0;

  constructor(toc: Toc) {
    this.#toc = toc;
    this.pending = new Map(toc.entries.filter(({ hasData }) => hasData).map((entry) => [entry.id, entry]));
  }

  /** The block of an entry was met before. */
  pass(id: number): void {
    this.#met.add(id);
    this.pending.delete(id);
  }

  /** The head of the block the reader stands before, null at the end of the data; throws `DamageError`. */
  async next(reader: ByteReader): Promise<Block | null> {
    if (!(await reader.fill(1))) return null;
    await reader.fill(HEAD);
    const { intSize, compression } = this.#toc.header;
    const at = reader.offset;
    const whole = blockBegins(reader.peek(reader.available), 0, compression, reader.remaining);
    const type = reader.byte();
    // Behind the last block pg_dump 16 and later leave a second table of contents when they write to a
    // redirected output; it begins with a zero byte.
    if (type === 0 && this.pending.size === 0) return null;
    if (type !== TABLE_DATA && type !== LARGE_OBJECTS)
      throw damage(l10n.t('here should be the data of the next table, but is something else'), at);
    const id = await readInt(reader, intSize, l10n.t('the head of a data block'));
    // Data of an entry that is lost is met as well, when it is surely data.
    if (!this.pending.has(id) && (this.#met.has(id) || !whole))
      throw damage(l10n.t('here is the data of an unknown entry, {0}', id), at);
    this.pass(id);
    return { type, id, at, body: reader.offset };
  }

  /**
   * A reader that stands before the next block behind the damage of the one at `broken`, which ended at
   * `offset`; null when there is none. A wrong length may have led far beyond it, so it is looked for from the
   * broken block's head on.
   */
  async find(
    source: ByteSource,
    broken: number,
    offset: number,
    signal: AbortSignal | undefined,
  ): Promise<SourceReader | null> {
    const reader = new SourceReader(source, { from: broken + 1, signal });
    let found = false;
    try {
      found = await this.#search(reader, signal);
      this.#read += offset - broken + (reader.offset - broken);
      found &&= this.#read <= MOST_PASSES * Math.max(source.size ?? reader.offset, WINDOW);
    } finally {
      if (!found) await reader.close();
    }
    return found ? reader : null;
  }

  async #search(reader: ByteReader, signal: AbortSignal | undefined): Promise<boolean> {
    for (;;) {
      checkAborted(signal);
      const more = await reader.fill(WINDOW);
      const bytes = reader.peek(reader.available);
      const stop = more ? bytes.length - WINDOW / 2 : bytes.length;
      for (let at = 0; at < stop; at++)
        if (bytes[at]! <= LARGE_OBJECTS && this.#fits(bytes, at, reader.remaining - at)) {
          reader.take(at);
          return true;
        }
      reader.take(stop);
      if (!more) return false;
    }
  }

  #fits(bytes: Buffer, at: number, remaining: number): boolean {
    const { header, faults, entries } = this.#toc;
    if (!blockBegins(bytes, at, header.compression, remaining)) return false;
    const id = bytes.readUInt32LE(at + 2);
    const entry = this.pending.get(id);
    if (entry) return (bytes[at] === LARGE_OBJECTS) === (entry.kind === 'BLOBS');
    if (faults.length === 0) return false;
    this.#known ??= new Set(entries.map((known) => known.id));
    return !this.#known.has(id) && !this.#met.has(id);
  }
}
