import type { Contents, Entry } from '../../archive';
import { classify, identified, ownerStatement, Parts, tokens, withReferences } from '../../archive/comparing';

/** What is no object by itself: contents, settings of the dump, and the database it is of. */
const NO_OBJECT =
  /^(?:TABLE DATA|SEQUENCE SET|BLOBS|STATISTICS DATA|EXTENDED STATISTICS DATA|MATERIALIZED VIEW DATA|ENCODING|STDSTRINGS|SEARCHPATH)$/;
const OF_DATABASE = /^(?:DATABASE|DATABASE PROPERTIES)$/;
/** Folded into what they are about. */
const FOLDED = /^(?:ACL|COMMENT|SECURITY LABEL|DEFAULT|SEQUENCE OWNED BY)$/;

/** One object of a side: its entry, and what is said about it. */
export interface DatabaseObject {
  key: string;
  entry: Entry;
  /** Of what belongs to a table: that table. */
  table: { schema: string | null; name: string } | null;
  /** Defaults of columns and owning columns, as statements. */
  defaults: string[];
  privileges: string[];
  comments: string[];
  labels: string[];
  /** `ALTER … OWNER TO`; empty where an object has none. */
  owner: string;
}

/** A side's objects by their keys, in the order they can be made in. */
export interface Inventory {
  objects: Map<string, DatabaseObject>;
  /** Keys of the objects that defaults and owning columns were folded into, by their entries. */
  folded: Map<number, string>;
  /** All entries, with what they need. */
  entries: Entry[];
  /** Of the side's server, 0 where it is not known. */
  major: number;
}

/** Whether a key is that of one large object. */
export function isLargeObject(key: string): boolean {
  const [, kind, subject] = JSON.parse(key) as unknown[];
  return kind === 'LARGE OBJECT' && subject === 'LARGE OBJECT';
}

export function inventoryOf(contents: Contents): Inventory {
  const entries = withReferences(contents);
  const parts = new Parts(entries);
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const isCluster = contents.scope === 'cluster';
  const objects = new Map<string, DatabaseObject>();
  const byEntry = new Map<number, DatabaseObject[]>();
  const folded = new Map<number, string>();
  const about: { key: string; entry: Entry }[] = [];
  for (const { key, entry } of identified(entries)) {
    const { id, kind, name } = entry;
    if (NO_OBJECT.test(kind) || (!isCluster && isOfDatabase(kind, name))) continue;
    if (FOLDED.test(kind)) {
      about.push({ key, entry });
      continue;
    }
    const object = made(key, entry, tableOf(entry, parts, byId));
    objects.set(key, object);
    byEntry.set(id, [...(byEntry.get(id) ?? []), object]);
  }
  for (const { key, entry } of about) {
    const owner = ownerAmong(entry, byEntry, objects, key, parts);
    if (owner) {
      fold(owner, entry);
      if (/^(?:DEFAULT|SEQUENCE OWNED BY)$/.test(entry.kind)) folded.set(entry.id, owner.key);
    }
    // Its object is no part of the dump: what is said of it still counts.
    else if (!objects.has(key)) objects.set(key, made(key, entry, null));
  }
  return { objects, folded, entries, major: majorOf(contents) };
}

function isOfDatabase(kind: string, name: string): boolean {
  return OF_DATABASE.test(kind) || (FOLDED.test(kind) && name.startsWith('DATABASE '));
}

function made(key: string, entry: Entry, table: DatabaseObject['table']): DatabaseObject {
  return {
    ...{ key, entry, table, defaults: [], privileges: [], comments: [], labels: [] },
    owner: FOLDED.test(entry.kind) ? '' : ownerStatement(entry).trim(),
  };
}

/** Of large objects each has its own statements, whatever group they came in. */
function ownerAmong(
  entry: Entry,
  byEntry: Map<number, DatabaseObject[]>,
  objects: Map<string, DatabaseObject>,
  key: string,
  parts: Parts,
): DatabaseObject | undefined {
  const [, kind, subject, oid] = JSON.parse(key) as (string | null)[];
  if (subject === 'LARGE OBJECT' && kind !== 'LARGE OBJECT')
    return objects.get(JSON.stringify([entry.database ?? null, 'LARGE OBJECT', 'LARGE OBJECT', oid]));
  const candidates = [parts.ownerOf(entry.id), ...entry.dependencies].flatMap((id) =>
    id === undefined ? [] : (byEntry.get(id)?.slice(0, 1) ?? []),
  );
  // A script's statement names the schema too.
  return candidates.find((one) => isAbout(entry, one.entry)) ?? candidates[0];
}

/** Whether a tag (`TABLE orders`, `COLUMN orders.id`) names an object of this kind. */
function isAbout({ kind, name }: Entry, object: Entry): boolean {
  if (!/^(?:ACL|COMMENT|SECURITY LABEL)$/.test(kind)) return RELATION.test(object.kind);
  return name.startsWith('COLUMN ') ? RELATION.test(object.kind) : name.startsWith(`${object.kind} `);
}

const RELATION = /^(?:TABLE|FOREIGN TABLE|VIEW|MATERIALIZED VIEW|SEQUENCE|TYPE)$/;

function fold(object: DatabaseObject, { kind, definition }: Entry): void {
  const text = definition.trim();
  if (!text) return;
  const list = {
    ACL: object.privileges,
    COMMENT: object.comments,
    'SECURITY LABEL': object.labels,
  }[kind];
  (list ?? object.defaults).push(text);
  if (kind === 'SEQUENCE OWNED BY') object.table = ownerOfSequence(text) ?? object.table;
}

/** `ALTER SEQUENCE … OWNED BY app.orders.id` */
function ownerOfSequence(statement: string): DatabaseObject['table'] {
  const words = [...tokens(statement)];
  const by = words.findLastIndex(({ type, text }) => type === 'word' && text === 'by');
  const names = words.slice(by + 1).filter(({ type }) => type === 'word' || type === 'name');
  const [name, schema] = names.slice(0, -1).toReversed();
  return by > 0 && name ? { schema: schema?.text ?? null, name: name.text } : null;
}

/** The table an index, constraint, trigger, … is on. */
function tableOf(entry: Entry, parts: Parts, byId: ReadonlyMap<number, Entry>): DatabaseObject['table'] {
  const owner = byId.get(parts.ownerOf(entry.id) ?? -1);
  if (owner && /^(?:TABLE|FOREIGN TABLE|VIEW|MATERIALIZED VIEW)$/.test(owner.kind))
    return { schema: owner.schema, name: owner.name };
  const on = /^(?:TABLE|VIEW|FUNCTION|TYPE)$/.test(entry.kind) ? undefined : classify(entry.definition)?.on;
  return on ? { schema: on.schema ?? entry.schema, name: on.table } : null;
}

function majorOf({ source }: Contents): number {
  return Number(/^\d+/.exec(source.serverVersion ?? '')?.[0] ?? 0);
}
