import type { Entry } from '../../archive';
import { Parts } from '../../archive/restoring';

/** What is known of the target while choosing: whether it has what an entry makes. */
export type Present = (entry: Entry) => boolean;

export interface Choice {
  /** Ids of entries that are restored, in the order of the dump. */
  entries: number[];
  /** Of these: what was asked for, with all that belongs to it. */
  asked: Set<number>;
  /** Of these: what that needs and the target lacks. */
  needed: Set<number>;
  /** Needed, but declined. */
  declined: Entry[];
  /** Needed, and not in the dump. */
  missing: number[];
  /** Foreign keys and partitions whose other table is neither chosen nor on the target. */
  without: { entry: Entry; table: Entry }[];
}

/** Kinds that hold content: no object of their own. */
const CONTENT = /^(?:TABLE DATA|SEQUENCE SET|STATISTICS DATA|MATERIALIZED VIEW DATA|BLOBS?|BLOB METADATA)$/;
/** Parts that tie two tables together: the other table is not taken for them. */
const TIES = /^(?:FK CONSTRAINT|TABLE ATTACH|PUBLICATION TABLE)$/;
const TABLES = /^(?:TABLE|FOREIGN TABLE)$/;

export function isContent({ kind }: Pick<Entry, 'kind'>): boolean {
  return CONTENT.test(kind);
}

/**
 * What is restored when some entries are picked: they, with all that belongs to them, and what they need.
 *
 * @param ticked ids of entries
 * @param present nothing is on a target that is made for the restore
 */
export function choose(
  entries: readonly Entry[],
  ticked: Iterable<number>,
  { dependencies, rows, present }: { dependencies: boolean; rows: boolean; present: Present },
): Choice {
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const parts = new Parts(entries);
  const asked = parts.withParts(ticked, { partitions: true });
  const needed = new Set<number>();
  const declined = new Map<number, Entry>();
  const missing = new Set<number>();
  const open = [...asked];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const entry = byId.get(id);
    if (!entry || TIES.test(entry.kind)) continue;
    for (const need of entry.dependencies) {
      if (asked.has(need) || needed.has(need)) continue;
      const other = byId.get(need);
      if (!other) missing.add(need);
      else if (present(other)) continue;
      else if (!dependencies) declined.set(need, other);
      else
        for (const part of parts.withParts([need]))
          if (!asked.has(part) && !needed.has(part)) {
            needed.add(part);
            open.push(part);
          }
    }
  }
  const without: Choice['without'] = [];
  const taken = (id: number): boolean => asked.has(id) || needed.has(id);
  const chosen = entries.filter((entry) => {
    if (!taken(entry.id) || (!rows && isContent(entry) && entry.kind !== 'MATERIALIZED VIEW DATA'))
      return false;
    if (!TIES.test(entry.kind)) return true;
    const table = entry.dependencies
      .map((id) => byId.get(id))
      .find((other) => other && TABLES.test(other.kind) && !taken(other.id) && !present(other));
    if (table) without.push({ entry, table });
    return !table;
  });
  return {
    entries: chosen.map(({ id }) => id),
    ...{ asked, needed, without },
    declined: [...declined.values()],
    missing: [...missing],
  };
}
