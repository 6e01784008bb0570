import type { Entry } from './types';

/** What entries need, and what needs them. Ids that are not in the dump are told apart. */
export interface DependencyGraph {
  /** Entries an entry needs directly, each once, in the order of the dump. */
  needs(id: number): number[];
  /** Entries that need an entry directly, in the order of the dump. */
  neededBy(id: number): number[];
  /** Ids an entry names that are not in the dump: left out when it was made. */
  missing(id: number): number[];
  /** What the given entries need beyond themselves, directly and indirectly, in the order of the dump. */
  closure(ids: Iterable<number>): { needs: number[]; missing: number[] };
  /** What needs the given entries, directly and indirectly, without themselves, in the order of the dump. */
  dependents(ids: Iterable<number>): number[];
}

type Needing = Pick<Entry, 'id' | 'dependencies'>;

/**
 * Indexes the dependencies of a dump, in time and memory linear to their number. Loops among them (views that need each
 * other) are no trouble.
 */
export function dependencyGraph(entries: readonly Needing[]): DependencyGraph {
  const indexOf = new Map(entries.map(({ id }, index) => [id, index]));
  const forward = entries.map(({ id, dependencies }) => {
    const found = new Set<number>();
    for (const needed of dependencies) {
      const index = indexOf.get(needed);
      if (index !== undefined && needed !== id) found.add(index);
    }
    return [...found].sort((a, b) => a - b);
  });
  let backward: number[][] | undefined;
  const reversed = (): number[][] => (backward ??= reverse(forward));
  const idsOf = (indexes: readonly number[] | undefined): number[] =>
    (indexes ?? []).map((index) => entries[index]!.id);
  const missing = (index: number): number[] => [
    ...new Set(entries[index]!.dependencies.filter((id) => !indexOf.has(id))),
  ];
  const indexesOf = (ids: Iterable<number>): number[] => [...ids].flatMap((id) => indexOf.get(id) ?? []);
  return {
    needs: (id) => idsOf(forward[indexOf.get(id) ?? -1]),
    neededBy: (id) => idsOf(reversed()[indexOf.get(id) ?? -1]),
    missing(id) {
      const index = indexOf.get(id);
      return index === undefined ? [] : missing(index);
    },
    closure(ids) {
      const given = indexesOf(ids);
      const reached = reach(forward, given);
      const absent = new Set([...given, ...reached].flatMap(missing));
      return { needs: idsOf(reached), missing: [...absent].sort((a, b) => a - b) };
    },
    dependents: (ids) => idsOf(reach(reversed(), indexesOf(ids))),
  };
}

function reverse(edges: readonly number[][]): number[][] {
  const reversed: number[][] = edges.map(() => []);
  // In order, so that the lists are.
  for (const [from, targets] of edges.entries()) for (const to of targets) reversed[to]!.push(from);
  return reversed;
}

/** What can be reached from some, without them, in order. */
function reach(edges: readonly number[][], from: readonly number[]): number[] {
  const met = new Uint8Array(edges.length);
  for (const index of from) met[index] = 1;
  const reached: number[] = [];
  const waiting = [...from];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop())
    for (const index of edges[next]!)
      if (met[index] === 0) {
        met[index] = 1;
        reached.push(index);
        waiting.push(index);
      }
  return reached.sort((a, b) => a - b);
}
