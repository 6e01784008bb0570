import * as l10n from '@vscode/l10n';
import { damage } from '../errors';
import type { Header, Section } from '../types';
import type { Cursor } from './cursor';

/** An entry before its texts are decoded; they share memory with what was read. */
export interface RawEntry {
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
  /** A field holds what no pg_dump writes: the entry is damaged, or bytes before it were lost. */
  odd: boolean;
}

/** What was read of an entry before it turned out to be damaged. */
export interface Seen {
  kind: Buffer | null;
  name: Buffer | null;
}

/** As faults name it: `TABLE DATA orders`. */
export function seenLabel({ kind, name }: Seen): string | null {
  return kind && isKind(kind) && name ? `${kind.toString('latin1')} ${name.toString('utf8')}` : null;
}

/** By their numbers, from 1. */
export const SECTIONS: readonly Section[] = ['none', 'pre-data', 'data', 'post-data'];

/** Reads one entry; `seen` gets what tells it apart, for the case that the rest is damaged. */
export function readEntry(from: Cursor, { version: [, minor], formatByte }: Header, seen?: Seen): RawEntry {
  const start = from.offset;
  const what = l10n.t('the table of contents');
  const id = from.int(what);
  if (id <= 0) throw damage(l10n.t('an entry has the number {0}', id), start);
  const dataFlag = from.int(what);
  const catalog = minor >= 8 ? from.text(what) : null;
  const oid = from.text(what);
  const name = from.text(what);
  const kind = from.text(what);
  if (seen) Object.assign(seen, { kind, name });
  const sectionNumber = minor >= 11 ? from.int(what) : 0;
  const definition = from.text(what);
  const dropStatement = from.text(what);
  const copyStatement = minor >= 3 ? from.text(what) : null;
  const schema = minor >= 6 ? from.text(what) : null;
  const tablespace = minor >= 10 ? from.text(what) : null;
  const accessMethod = minor >= 14 ? from.text(what) : null;
  if (minor >= 16) from.int(what); // relkind
  const owner = from.text(what);
  const withOids = minor >= 9 ? from.text(what) : null;
  let odd = dataFlag < 0 || dataFlag > 1 || !isDigits(catalog) || !isDigits(oid) || !kind || !isKind(kind);
  odd ||= minor >= 9 && !isTruth(withOids);
  const dependencies: number[] = [];
  if (minor >= 5)
    for (let text = from.text(what); text !== null; text = from.text(what)) {
      const needed = Number(text.toString('latin1'));
      const valid = Number.isSafeInteger(needed) && needed >= 0;
      odd ||= !valid;
      // Before 1.8 these are OIDs, which name nothing here.
      if (minor >= 8 && valid && needed > 0) dependencies.push(needed);
    }
  let position: number | null = null;
  let fileName: Buffer | null = null;
  if (formatByte === 1) position = readPosition(from, minor, what);
  else fileName = from.text(what);
  const section =
    minor >= 11 ? (SECTIONS[sectionNumber - 1] ?? null) : oldSection(kind?.toString('latin1') ?? '');
  if (section === null) throw damage(l10n.t('an entry is in the unknown section {0}', sectionNumber), start);
  const texts = {
    kind,
    schema,
    name,
    owner,
    definition,
    dropStatement,
    copyStatement,
    tablespace,
    accessMethod,
  };
  // Is it one damaged entry, or did a wrong length shift everything? Texts hold no zero bytes.
  if (odd && Object.values(texts).some((text) => text?.includes(0)))
    throw damage(l10n.t('an entry holds what no pg_dump writes'), start);
  return { ...texts, id, section, dependencies, hasData: dataFlag !== 0, position, fileName, odd };
}

function isDigits(text: Buffer | null): boolean {
  if (text === null) return true;
  for (const byte of text) if (byte < 48 || byte > 57) return false;
  return text.length <= 10;
}

/** `TABLE DATA`, `<Init>`, `pg_largeobject`. */
function isKind(text: Buffer): boolean {
  for (const byte of text) if (byte !== 32 && (byte < 60 || byte > 122)) return false;
  return text.length > 0 && text.length < 64;
}

function isTruth(text: Buffer | null): boolean {
  return text === null || text.length === 0 || ['true', 'false'].includes(text.toString('latin1'));
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
