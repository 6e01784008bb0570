import * as l10n from '@vscode/l10n';
import { DamageError, damage } from '../errors';
import type { ByteReader } from '../io/byte-reader';
import { defaultLimits } from '../limits';
import { MemoryBudget } from '../memory';
import type { Entry, Fault, Header, ReadOptions } from '../types';
import { checkAborted } from '../abort';
import { parse, type Cursor } from './cursor';
import { textDecoder } from '../text';
import { QuickEntries } from './quick-entries';
import { readEntry, seenLabel, type RawEntry, type Seen } from './raw-entry';
import { beginsEntry, findEntry } from './resync';

/** Where an entry's data is: what only the reader of its format needs. */
export interface Place {
  /** Custom archives: where its block begins, null when not recorded. */
  position: number | null;
  /** Directory and tar dumps: its file, without a compression's suffix; empty for none. */
  fileName: string;
}

export interface Toc {
  header: Header;
  entries: Entry[];
  /** Of every entry with data, by its id. */
  places: Map<number, Place>;
  /** What of the table of contents is damaged, in its order. */
  faults: Fault[];
  /** Entries that could not be read; null when their number is not known. */
  lost: number | null;
}

export interface TocOptions extends ReadOptions {
  /** Texts become strings of bytes (Latin-1) instead of being decoded: written again they are the same. */
  raw?: boolean;
  /** Where the table of contents must have ended, when that is known. */
  end?: number;
  /** What the entries may take. */
  memory?: MemoryBudget;
  /** False: every entry gets the closer look. */
  quick?: boolean;
}

/** A table of contents may claim more entries than this; it is not believed. */
const MOST_ENTRIES = 20_000_000;
const SMALLEST_ENTRY = 40;
/** What one entry may take of the memory, for it is read as a whole. */
const LARGEST = 1 / 4;
/** Bytes in memory before many entries are read from them. */
const AHEAD = 64 * 1024;

/**
 * Reads the table of contents behind a header; afterwards the reader stands where the data begins. Damage
 * costs the entries it hits: the reading goes on at the next place that can only be an entry, and a fault
 * names the byte. An entry too large for the memory is damage, too many of them throw `archive.tooMuch`.
 */
export async function readToc(
  reader: ByteReader,
  header: Header,
  { signal, raw, end, memory = new MemoryBudget(defaultLimits.memory), quick = true }: TocOptions = {},
): Promise<Toc> {
  const faults: Fault[] = [];
  let known = 0;
  const list = new EntryList(raw ?? false, memory);
  const sizes = { ...header, most: memory.limit * LARGEST };
  const claimed = await guard(faults, null, () => parse(reader, sizes, entryCount));
  const count = claimed ?? MOST_ENTRIES;
  // Once entries are lost, their number does not tell the end any more.
  let lost = claimed === null;
  let sure = !lost;
  for (;;) {
    checkAborted(signal);
    memory.takeFaults(faults.length - known);
    known = faults.length;
    if (list.met >= count && !lost) {
      if (!(await beginsEntry(reader, header))) break;
      faults.push({ what: l10n.t('it has more entries than it says'), entry: null, offset: reader.offset });
      lost = true;
    }
    if (lost && !(sure && (await beginsEntry(reader, header))))
      if (!(await findEntry(reader, header, readEntry, { end, signal }))) break;
    if (quick && !lost && (await list.addQuickly(reader, header, count))) continue;
    const at = reader.offset;
    const seen: Seen = { kind: null, name: null };
    const entry = await guard(faults, seen, () =>
      parse(reader, sizes, (cursor) => readEntry(cursor, header, seen)),
    );
    sure = entry !== null;
    if (!entry) lost = true;
    else if (!list.add(entry))
      faults.push({
        what: l10n.t('a second entry has the number {0}', entry.id),
        entry: seenLabel(seen),
        offset: at,
      });
    else if (entry.odd)
      faults.push({
        what: l10n.t('its entry holds what no pg_dump writes'),
        entry: seenLabel(seen),
        offset: at,
      });
  }
  if (lost && claimed !== null && list.met < claimed)
    faults.push({
      what: l10n.t('{0} of its {1} entries cannot be read', claimed - list.met, claimed),
      entry: null,
      offset: null,
    });
  return {
    header,
    entries: list.finish(),
    places: list.places,
    faults,
    lost: claimed && Math.max(0, claimed - list.met),
  };
}

/** Runs a reading step; damage is noted, with what is known of the entry, and gives null. */
async function guard<T>(faults: Fault[], seen: Seen | null, read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof DamageError)) throw error;
    faults.push({ ...error.fault, entry: seen && seenLabel(seen) });
    return null;
  }
}

function entryCount(cursor: Cursor): number {
  const at = cursor.offset;
  const count = cursor.int(l10n.t('the number of entries'));
  if (count < 0 || count > MOST_ENTRIES || count * SMALLEST_ENTRY > cursor.remaining)
    throw damage(l10n.t('the table of contents claims {0} entries, more than the file can hold', count), at);
  // There is one of the encoding at least.
  if (count === 0) throw damage(l10n.t('the table of contents claims that it is empty'), at);
  return count;
}

/** Entries in the making. Their encoding is named by an entry of this very list; it is among the first. */
class EntryList {
  met = 0;
  readonly places = new Map<number, Place>();
  readonly #entries: Entry[] = [];
  readonly #ids = new Set<number>();
  readonly #waiting: RawEntry[] = [];
  #decode: ((bytes: Buffer) => string) | null;
  #quick: QuickEntries | null = null;

  readonly #memory: MemoryBudget;

  constructor(raw: boolean, memory: MemoryBudget) {
    this.#memory = memory;
    this.#decode = raw ? textDecoder('LATIN1') : null;
  }

  /** False for a number that was there already: such an entry is left out. */
  add(entry: RawEntry): boolean {
    this.met++;
    if (this.#ids.has(entry.id)) return false;
    this.#ids.add(entry.id);
    this.#memory.takeEntry(entry);
    if (this.#decode) this.#push(entry, this.#decode);
    else {
      this.#waiting.push(entry);
      const encoding = encodingOf(entry);
      if (encoding || this.#waiting.length > 100) this.#settle(encoding);
    }
    return true;
  }

  /** Adds the ordinary entries that are in memory, `count` in all; false when the next one needs a closer look. */
  async addQuickly(reader: ByteReader, header: Header, count: number): Promise<boolean> {
    if (!this.#decode) return false;
    if (reader.available < AHEAD) await reader.fill(AHEAD);
    this.#quick ??= new QuickEntries(header, this.#decode);
    const before = this.#entries.length;
    const bytes = reader.peek(reader.available);
    reader.take(this.#quick.read(bytes, count - this.met, this.#ids, this.#entries, this.places));
    for (let i = before; i < this.#entries.length; i++) this.#memory.takeEntry(this.#entries[i]!);
    this.met += this.#entries.length - before;
    return this.#entries.length > before;
  }

  finish(): Entry[] {
    this.#settle(null);
    return this.#entries;
  }

  #settle(encoding: string | null): void {
    this.#decode ??= textDecoder(encoding ?? 'SQL_ASCII');
    for (const entry of this.#waiting.splice(0)) this.#push(entry, this.#decode);
  }

  #push(raw: RawEntry, decode: (bytes: Buffer) => string): void {
    const { id, hasData, position, fileName } = raw;
    this.#entries.push(decodeEntry(raw, decode));
    if (hasData) this.places.set(id, { position, fileName: fileName?.length ? decode(fileName) : '' });
  }
}

function decodeEntry(raw: RawEntry, decode: (bytes: Buffer) => string): Entry {
  const text = (bytes: Buffer | null): string => (bytes && bytes.length > 0 ? decode(bytes) : '');
  const { id, section, dependencies, hasData } = raw;
  return {
    id,
    kind: text(raw.kind),
    schema: text(raw.schema) || null,
    name: text(raw.name),
    owner: text(raw.owner) || null,
    section,
    definition: text(raw.definition),
    dropStatement: text(raw.dropStatement),
    copyStatement: text(raw.copyStatement),
    dependencies,
    hasData,
    bytes: null,
    ...(raw.tablespace?.length ? { tablespace: text(raw.tablespace) } : {}),
    ...(raw.accessMethod?.length ? { accessMethod: text(raw.accessMethod) } : {}),
  };
}

function encodingOf({ kind, definition }: RawEntry): string | null {
  if (kind?.toString('latin1') !== 'ENCODING') return null;
  return /client_encoding = '([^']+)'/.exec(definition?.toString('latin1') ?? '')?.[1] ?? 'SQL_ASCII';
}

/** An entry as faults name it: `TABLE DATA public orders`. */
export function entryLabel({ kind, schema, name }: Pick<Entry, 'kind' | 'schema' | 'name'>): string {
  return [kind, schema ?? '-', name].join(' ');
}
