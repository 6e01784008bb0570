import type { Entry } from '../../archive';
import type { Relation } from '../../plan';
import type { WorkItem } from './workList';

/** Building an index reads the table and writes a part of its size; checking a foreign key reads it. */
const shares: Record<string, number> = { INDEX: 0.3, CONSTRAINT: 0.3, 'FK CONSTRAINT': 0.15 };
/** A part costs something even when it is empty: one page. */
const least = 8192;

/** Parts of a dump: the rows of each table. */
export function dataItems(relations: Relation[] = []): WorkItem[] {
  return relations.map(({ schema, name, bytes, rows }) => ({
    key: `data ${schema}.${name}`,
    weight: Math.max(bytes, least),
    rows,
    bytes,
  }));
}

/**
 * Parts of a restore: rows, and the indexes and checks that come after them, weighed by their tables.
 * The plan's relations win over the archive's own sizes (they may know rows).
 */
export function restoreItems(entries: Entry[], relations: Relation[] = []): WorkItem[] {
  const known = new Map(dataItems(relations).map((item) => [item.key, item]));
  const data = entries
    .filter((entry) => entry.kind === 'TABLE DATA')
    .map((entry): WorkItem => {
      const key = `data ${entry.schema}.${entry.name}`;
      return known.get(key) ?? { key, weight: Math.max(entry.bytes ?? 0, least), rows: null, bytes: null };
    });
  const sizes = new Map(data.map((item) => [item.key, item.weight]));
  const later = entries
    .filter((entry) => entry.kind in shares)
    .map((entry): WorkItem => {
      const table = sizes.get(`data ${tableOf(entry)}`) ?? 0;
      const weight = Math.max(least, (shares[entry.kind] ?? 0) * table);
      return { key: `${entry.kind} ${entry.schema}.${entry.name}`, weight, rows: null, bytes: null };
    });
  return [...data, ...later];
}

/** `schema.table` an index or constraint belongs to; good enough for a weight, not for more. */
function tableOf(entry: Entry): string | undefined {
  const match = /(?:\sON|ALTER TABLE)\s+(?:ONLY\s+)?("(?:[^"]|"")+"|\w+)\.("(?:[^"]|"")+"|\w+)/.exec(
    entry.definition,
  );
  const plain = (text: string): string =>
    text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text;
  return match ? `${plain(match[1]!)}.${plain(match[2]!)}` : undefined;
}
