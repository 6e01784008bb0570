import { classify } from '../sql/classify';
import { tokens } from '../sql/tokens';
import type { Entry } from '../types';

/** An entry under one of the names it has in every dump of the database. */
export interface Identified {
  key: string;
  entry: Entry;
}

/** Kinds whose tag joins names by a blank that the names may hold themselves: their statement tells them apart. */
const JOINED =
  /^(?:(?:CHECK |FK )?CONSTRAINT|DEFAULT|TRIGGER|RULE|POLICY|PUBLICATION TABLE|PUBLICATION TABLES IN SCHEMA|USER MAPPING|ROLE MEMBERSHIP)$/;
/** Kinds of which several share a tag. */
const OVERLOADED = /^OPERATOR(?: CLASS| FAMILY)?$/;
const ATTACHED = /^(?:COMMENT|ACL|SECURITY LABEL)$/;

/**
 * What an entry is called in every dump of the same database, whatever made it: pg_dump's major, the format. Two entries
 * of one dump never share a key, and what one key means in one dump it means in another. Dump ids, OIDs and the order of
 * a dump are no part of it.
 *
 * Large objects are told one by one by `identified`: how they are grouped differs between majors.
 */
export function identityOf(entry: Entry): string {
  const { kind, schema, name, database } = entry;
  const key = (...parts: unknown[]): string => JSON.stringify([database ?? null, kind, ...parts]);
  if (kind === 'DEFAULT ACL') return key(schema, name, entry.owner);
  if (!JOINED.test(kind) && !OVERLOADED.test(kind) && !ATTACHED.test(kind)) return key(schema, name);
  const made = classify(entry.definition);
  // pg_dump before March 2018 wrote names without their schema.
  if (made?.on) return key(made.on.schema ?? schema, made.on.table, made.on.own);
  if (made?.which !== undefined) return key(schema, name, squeezed(made.which));
  // Older majors tagged privileges by the bare name; the statement names the kind, too.
  if (kind === 'ACL' && made?.kind === 'ACL') return key(schema, made.name);
  return key(schema, name);
}

function squeezed(text: string): string {
  return text.replace(/\s+/g, ' ');
}

/**
 * Entries by their identities. Each large object is one of its own: its definition and its privileges, whichever group of
 * the dump they are in. The entries that hold large objects' contents are left out: `largeObjects` tells those.
 */
export function identified(entries: readonly Entry[]): Identified[] {
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  return entries.flatMap((entry) => {
    if (entry.kind === 'BLOBS') return [];
    const objects = largeObjects(entry, byId);
    if (!objects) return [{ key: identityOf(entry), entry }];
    const kind = ATTACHED.test(entry.kind) ? entry.kind : 'LARGE OBJECT';
    return objects.map((oid) => ({
      key: JSON.stringify([entry.database ?? null, kind, 'LARGE OBJECT', oid]),
      entry,
    }));
  });
}

/** OIDs of the large objects an entry is about; null when it is about something else. */
function largeObjects(entry: Entry, byId: ReadonlyMap<number, Entry>): string[] | null {
  const { kind, name, definition } = entry;
  if (kind === 'BLOB') return [name];
  if (kind === 'BLOB METADATA') return oidsOf(definition) ?? [name];
  if (!ATTACHED.test(kind)) return null;
  const one = /^LARGE OBJECT (\d+)$/.exec(name);
  if (one) return [one[1]!];
  if (!/^LARGE OBJECTS \d+\.\.\d+$/.test(name)) return null;
  // Archives have one statement for the group it depends on; scripts one for each object.
  for (const id of entry.dependencies) {
    const group = byId.get(id);
    if (group?.kind === 'BLOB METADATA') return oidsOf(group.definition);
  }
  return oidsOf(definition);
}

/** Archives list OIDs line by line; scripts have a statement for each. */
function oidsOf(definition: string): string[] | null {
  if (/^[\d\s]+$/.test(definition)) return definition.match(/\d+/g);
  const oids = new Set<string>();
  let before = '';
  for (const { type, text } of tokens(definition)) {
    if (type === 'string' && /^\d+$/.test(text)) oids.add(text);
    if (type === 'number' && before === 'object') oids.add(text);
    before = text;
  }
  return oids.size > 0 ? [...oids] : null;
}
