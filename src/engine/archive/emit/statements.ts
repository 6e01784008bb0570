import { quoteIdent } from '../../quote';
import { createdObjects } from '../formats/large-objects';
import type { Entry } from '../types';

/** Kinds of objects `ALTER … OWNER TO` is for, by pg_restore's list. */
const OWNED =
  /^DROP ((?:AGGREGATE|COLLATION|CONVERSION|DOMAIN|EVENT TRIGGER|FOREIGN DATA WRAPPER|FOREIGN TABLE|FUNCTION|MATERIALIZED VIEW|OPERATOR CLASS|OPERATOR FAMILY|OPERATOR|PROCEDURAL LANGUAGE|PROCEDURE|PUBLICATION|SCHEMA|SEQUENCE|SERVER|STATISTICS|SUBSCRIPTION|TABLE|TEXT SEARCH CONFIGURATION|TEXT SEARCH DICTIONARY|TYPE|VIEW) .*);\s*$/s;

/** Of scripts, which hold no statements that drop. */
const NAMED =
  /^(?:COLLATION|CONVERSION|DOMAIN|FOREIGN TABLE|MATERIALIZED VIEW|SEQUENCE|STATISTICS|TABLE|TYPE|VIEW|TEXT SEARCH (?:CONFIGURATION|DICTIONARY))$/;
const CALLED = /^(?:AGGREGATE|FUNCTION|PROCEDURE)$/;

/** The statement that gives an object its owner, as pg_restore makes it; empty where there is none. */
export function ownerStatement(entry: Entry): string {
  const { dropStatement, owner, kind } = entry;
  if (!owner || kind === 'ACL' || kind === 'COMMENT') return '';
  const object = OWNED.exec(dropStatement)?.[1] ?? (dropStatement ? undefined : objectOf(entry));
  return object ? `ALTER ${object} OWNER TO ${quoteIdent(owner)};\n` : '';
}

/** How a statement names an object whose entry does not tell. */
export function objectOf({ kind, schema, name, definition }: Entry): string | undefined {
  if (kind === 'SCHEMA') return `SCHEMA ${quoteIdent(name)}`;
  // The sequence of an identity belongs to its column, whoever owns the table.
  if (schema === null || (kind === 'SEQUENCE' && /^\s*ALTER/i.test(definition))) return undefined;
  if (NAMED.test(kind)) return `${kind} ${quoteIdent(schema)}.${quoteIdent(name)}`;
  if (!CALLED.test(kind)) return undefined;
  const open = name.indexOf('(');
  return `${kind} ${quoteIdent(schema)}.${quoteIdent(name.slice(0, open))}${name.slice(open)}`;
}

/** What the script says itself, and what concerns the database as a whole or large objects, which come as they are met. */
export function isSetting({ kind, name }: Entry): boolean {
  if (/^(?:ENCODING|STDSTRINGS|SEARCHPATH|DATABASE|DATABASE PROPERTIES|BLOB|BLOBS|BLOB METADATA)$/.test(kind))
    return true;
  return isAttached(kind) && name.startsWith('DATABASE ');
}

function isAttached(kind: string): boolean {
  return kind === 'COMMENT' || kind === 'ACL' || kind === 'SECURITY LABEL';
}

/** What stands at the end of a script, as pg_restore has it: privileges, then what acts by itself. */
export function passOf({ kind, name }: Entry): 0 | 1 | 2 {
  if (/^(?:ACL|ACL LANGUAGE|DEFAULT ACL)$/.test(kind)) return 1;
  if (kind === 'EVENT TRIGGER' || kind === 'MATERIALIZED VIEW DATA') return 2;
  return isAttached(kind) && name.startsWith('EVENT TRIGGER ') ? 2 : 0;
}

/** Large objects an entry is about that is attached to them; null for any other entry. */
export function objectOids(entry: Entry, byId: ReadonlyMap<number, Entry>): number[] | null {
  const { kind, name, dependencies } = entry;
  if (!isAttached(kind) || !/^LARGE OBJECTS? \d/.test(name)) return null;
  if (name.startsWith('LARGE OBJECT ')) return [Number(name.slice(13))];
  return dependencies.flatMap((id) => {
    const group = byId.get(id);
    return group ? createdObjects(group) : [];
  });
}

/** The statement for one object of a group, whose entry names one of them. */
export function forObject(definition: string, oid: number): string {
  return definition.replaceAll(/(ON LARGE OBJECT )\d+/g, `$1${oid}`);
}

/** pg_dump's comment above an entry, by which messages of psql are told to be about it. */
export function heading({ kind, schema, name, owner }: Entry, prefix = ''): string {
  const about = `${prefix}Name: ${name}; Type: ${kind}; Schema: ${schema ?? '-'}; Owner: ${owner ?? '-'}`;
  return `--\n${comment(about)}--\n\n`;
}

/** A comment of one line, whatever the text holds. */
export function comment(text: string): string {
  return `-- ${text.replaceAll(/[\r\n]/g, ' ')}\n`;
}
