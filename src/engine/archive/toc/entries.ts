import * as l10n from '@vscode/l10n';
import { DamageError, damage } from '../errors';
import type { ByteReader } from '../io/byte-reader';
import type { Entry, Fault, Header, ReadOptions, Section } from '../types';
import { checkAborted } from '../abort';
import { parse, type Cursor } from './cursor';
import { textDecoder } from '../text';

/** An entry with what only the reader of its format needs. */
export interface TocEntry extends Entry {
  /** Custom archives: where its block begins, null when not recorded. */
  position: number | null;
  /** Directory and tar dumps: its file, without a compression's suffix; empty for none. */
  fileName: string;
}

export interface Toc {
  header: Header;
  entries: TocEntry[];
  /** Why the table of contents could not be read to its end; null when it was. */
  fault: Fault | null;
}

/** A table of contents may claim more entries than this; it is not believed. */
const MOST_ENTRIES = 20_000_000;
const SMALLEST_ENTRY = 40;

/** An entry before its texts are decoded; they share memory with what was read. */
interface Raw {
  id: number;
  hasData: boolean;
  section: Section;
  dependencies: number[];
  position: number | null;
  kind: Buffer | null;
  schema: Buffer | null;
  name: Buffer | null;
  owner: Buffer | null;
  definition: Buffer | null;
  dropStatement: Buffer | null;
  copyStatement: Buffer | null;
  tablespace: Buffer | null;
  accessMethod: Buffer | null;
  fileName: Buffer | null;
}

/**
 * Reads the table of contents behind a header. Damage ends it: what was read before is returned with the fault.
 */
export async function readToc(
  reader: ByteReader,
  header: Header,
  { signal }: ReadOptions = {},
): Promise<Toc> {
  const entries: TocEntry[] = [];
  const fault = await guard(async () => {
    const count = await parse(reader, header, (cursor) => entryCount(cursor));
    // Texts are in the encoding an entry of this very list names; it is among the first.
    let decode: ((bytes: Buffer) => string) | null = null;
    const waiting: Raw[] = [];
    for (let i = 0; i < count; i++) {
      if ((i & 1023) === 0) checkAborted(signal);
      const raw = await parse(reader, header, (cursor) => readEntry(cursor, header));
      if (decode) {
        entries.push(decodeEntry(raw, decode));
        continue;
      }
      waiting.push(raw);
      const encoding = encodingOf(raw);
      if (encoding || waiting.length > 100) {
        decode = textDecoder(encoding ?? 'SQL_ASCII');
        for (const entry of waiting.splice(0)) entries.push(decodeEntry(entry, decode));
      }
    }
    decode ??= textDecoder('SQL_ASCII');
    for (const entry of waiting) entries.push(decodeEntry(entry, decode));
  });
  return { header, entries, fault };
}

async function guard(read: () => Promise<void>): Promise<Fault | null> {
  try {
    await read();
    return null;
  } catch (error) {
    if (error instanceof DamageError) return error.fault;
    throw error;
  }
}

function entryCount(cursor: Cursor): number {
  const at = cursor.offset;
  const count = cursor.int(l10n.t('the number of entries'));
  if (count < 0 || count > MOST_ENTRIES || count * SMALLEST_ENTRY > cursor.remaining)
    throw damage(l10n.t('the table of contents claims {0} entries, more than the file can hold', count), at);
  return count;
}

const SECTIONS: Section[] = ['none', 'pre-data', 'data', 'post-data'];

function readEntry(from: Cursor, { version: [, minor], formatByte }: Header): Raw {
  const start = from.offset;
  const what = l10n.t('the table of contents');
  const id = from.int(what);
  if (id <= 0) throw damage(l10n.t('an entry has the number {0}', id), start);
  const hasData = from.int(what) !== 0;
  if (minor >= 8) from.text(what); // catalog's OID
  from.text(what); // OID
  const name = from.text(what);
  const kind = from.text(what);
  const sectionNumber = minor >= 11 ? from.int(what) : 0;
  const definition = from.text(what);
  const dropStatement = from.text(what);
  const copyStatement = from.text(what);
  const schema = minor >= 6 ? from.text(what) : null;
  const tablespace = minor >= 10 ? from.text(what) : null;
  const accessMethod = minor >= 14 ? from.text(what) : null;
  if (minor >= 16) from.int(what); // relkind
  const owner = from.text(what);
  if (minor >= 9) from.text(what); // WITH OIDS
  const dependencies: number[] = [];
  if (minor >= 5)
    for (let text = from.text(what); text !== null; text = from.text(what)) {
      const needed = Number(text.toString('latin1'));
      // Before 1.8 these are OIDs, which name nothing here.
      if (minor >= 8 && Number.isSafeInteger(needed) && needed > 0) dependencies.push(needed);
    }
  let position: number | null = null;
  let fileName: Buffer | null = null;
  if (formatByte === 1) position = readPosition(from, minor, what);
  else fileName = from.text(what);
  const section =
    minor >= 11 ? (SECTIONS[sectionNumber - 1] ?? null) : oldSection(kind?.toString('latin1') ?? '');
  if (section === null) throw damage(l10n.t('an entry is in the unknown section {0}', sectionNumber), start);
  return {
    ...{ id, kind, schema, name, owner, section, definition, dropStatement, copyStatement },
    ...{ dependencies, hasData, tablespace, accessMethod, position, fileName },
  };
}

function readPosition(from: Cursor, minor: number, what: string): number | null {
  if (minor >= 7) {
    const { flag, offset } = from.position(what);
    return flag === 2 ? offset : null;
  }
  const offset = from.int(what);
  from.int(what);
  return offset > 0 ? offset : null;
}

/** Archives before 1.11 do not record it. */
function oldSection(kind: string): Section {
  if (['COMMENT', 'ACL', 'ACL LANGUAGE'].includes(kind)) return 'none';
  if (['TABLE DATA', 'BLOBS', 'BLOB COMMENTS'].includes(kind)) return 'data';
  const after = ['CONSTRAINT', 'CHECK CONSTRAINT', 'FK CONSTRAINT', 'INDEX', 'RULE', 'TRIGGER'];
  return after.includes(kind) ? 'post-data' : 'pre-data';
}

function decodeEntry(raw: Raw, decode: (bytes: Buffer) => string): TocEntry {
  const text = (bytes: Buffer | null): string => (bytes && bytes.length > 0 ? decode(bytes) : '');
  const { id, section, dependencies, hasData, position } = raw;
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
    position,
    fileName: text(raw.fileName),
  };
}

function encodingOf({ kind, definition }: Raw): string | null {
  if (kind?.toString('latin1') !== 'ENCODING') return null;
  return /client_encoding = '([^']+)'/.exec(definition?.toString('latin1') ?? '')?.[1] ?? 'SQL_ASCII';
}

/** An entry as faults name it: `TABLE DATA public orders`. */
export function entryLabel({ kind, schema, name }: Pick<Entry, 'kind' | 'schema' | 'name'>): string {
  return [kind, schema ?? '-', name].join(' ');
}

/** Without what only the reader needs. */
export function publicEntry({ position: _position, fileName: _fileName, ...entry }: TocEntry): Entry {
  return entry;
}
