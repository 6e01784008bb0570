import type { Contents } from '../../archive';
import { attachedPartition } from '../../archive/comparing';
import { tableKey, type SideTable } from '../sides';

/** Tables of a side by the tables they are compared as. */
export type Grouped = Map<string, SideTable[]>;

/** The table at the top of each partition, by the partition. */
function rootsOf({ entries }: Contents): Map<string, string> {
  const above = new Map<string, string>();
  for (const { kind, definition, schema, database } of entries) {
    const found = kind === 'TABLE ATTACH' ? attachedPartition(definition) : null;
    if (!found) continue;
    const named = ({ schema: own, name }: { schema: string | null; name: string }): string =>
      tableKey({ schema: own ?? schema, name, database });
    above.set(named(found.part), named(found.root));
  }
  const roots = new Map<string, string>();
  for (const part of above.keys()) {
    let root = part;
    for (const met = new Set<string>(); above.has(root) && !met.has(root); root = above.get(root)!)
      met.add(root);
    roots.set(part, root);
  }
  return roots;
}

/**
 * Both sides' tables by what they are compared as: each by itself, but partitions through their root where the sides are
 * partitioned differently.
 */
export function grouped(
  left: { contents: Contents; tables: SideTable[] },
  right: { contents: Contents; tables: SideTable[] },
): [Grouped, Grouped] {
  const sides = [left, right].map(({ contents, tables }) => {
    const roots = rootsOf(contents);
    return { tables, roots, sets: new Map(partsByRoot(tables, roots)) };
  });
  const different = new Set<string>();
  for (const root of sides.flatMap(({ sets }) => [...sets.keys()]))
    if (sides[0]!.sets.get(root) !== sides[1]!.sets.get(root)) different.add(root);
  return sides.map(({ tables, roots }) => {
    const groups: Grouped = new Map();
    for (const table of tables) {
      const key = tableKey(table);
      const root = roots.get(key) ?? key;
      const as = different.has(root) ? root : key;
      groups.set(as, [...(groups.get(as) ?? []), table]);
    }
    return groups;
  }) as [Grouped, Grouped];
}

/** The names of each root's parts, as one text. A table that is no partition and has none is its own part. */
function partsByRoot(tables: SideTable[], roots: Map<string, string>): Map<string, string> {
  const parts = new Map<string, string[]>();
  const all = new Set(roots.values());
  for (const table of tables) {
    const key = tableKey(table);
    const root = roots.get(key) ?? (all.has(key) ? key : undefined);
    if (root !== undefined) parts.set(root, [...(parts.get(root) ?? []), key]);
  }
  return new Map([...parts].map(([root, keys]) => [root, keys.sort().join('\n')]));
}
