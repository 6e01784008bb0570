import type { Entry } from './types';

const ABOUT = /^(?:COMMENT|ACL|SECURITY LABEL)$/;
const RELATION = /^(?:TABLE|FOREIGN TABLE|VIEW|MATERIALIZED VIEW|SEQUENCE)$/;
const OF_RELATION =
  /^(?:TABLE DATA|SEQUENCE SET|SEQUENCE OWNED BY|DEFAULT|INDEX|(?:CHECK |FK )?CONSTRAINT|TRIGGER|RULE|POLICY|ROW SECURITY|STATISTICS|STATISTICS DATA|TABLE ATTACH|MATERIALIZED VIEW DATA)$/;

/** What is nothing by itself: rows, indexes, constraints, comments, privileges, … belong to something. */
export class Parts {
  readonly #entries = new Map<number, Entry>();
  readonly #owner = new Map<number, number>();
  readonly #parts = new Map<number, number[]>();
  /** Partitions by the table they are attached to. */
  readonly #partitions = new Map<number, number[]>();
  /** The other way round. */
  readonly #root = new Map<number, number>();

  constructor(entries: readonly Entry[]) {
    for (const entry of entries) this.#entries.set(entry.id, entry);
    for (const entry of entries) this.#own(entry);
    for (const [part, owner] of this.#owner) {
      const parts = this.#parts.get(owner);
      if (parts) parts.push(part);
      else this.#parts.set(owner, [part]);
    }
  }

  /** What an entry belongs to; undefined for what stands by itself. */
  ownerOf(id: number): number | undefined {
    return this.#owner.get(id);
  }

  /** A table, and those it is a partition of: what is theirs acts on its rows too. */
  tablesAbove(table: number): number[] {
    const above: number[] = [];
    for (let at: number | undefined = table; at !== undefined && !above.includes(at); at = this.#root.get(at))
      above.push(at);
    return above;
  }

  /** The entries with all that belongs to them, in no order. */
  withParts(ids: Iterable<number>, { partitions = false } = {}): Set<number> {
    const all = new Set<number>();
    const open = [...ids];
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      if (all.has(id) || !this.#entries.has(id)) continue;
      all.add(id);
      open.push(...(this.#parts.get(id) ?? []));
      if (partitions) open.push(...(this.#partitions.get(id) ?? []));
    }
    return all;
  }

  #own(entry: Entry): void {
    const { id, kind, dependencies, definition } = entry;
    const needed = dependencies.flatMap((dependency) => this.#entries.get(dependency) ?? []);
    if (ABOUT.test(kind))
      return this.#belongs(
        id,
        needed.find((other) => !ABOUT.test(other.kind)),
      );
    if (kind === 'INDEX ATTACH')
      return this.#belongs(
        id,
        needed.find((other) => ownTag(other) === entry.name),
      );
    if (kind === 'SEQUENCE' && /^\s*ALTER TABLE/i.test(definition))
      return this.#belongs(
        id,
        needed.find((other) => other.kind === 'TABLE'),
      );
    if (!OF_RELATION.test(kind)) return;
    const relations = needed.filter((other) => RELATION.test(other.kind));
    const owner = relationOf(entry, relations);
    this.#belongs(id, owner);
    if (kind === 'TABLE ATTACH' && owner) {
      const root = relations.find((other) => other.id !== owner.id);
      if (root) this.#root.set(owner.id, root.id);
      if (root) this.#partitions.set(root.id, [...(this.#partitions.get(root.id) ?? []), owner.id]);
    }
    // A sequence that belongs to a column goes where the column goes.
    if (kind === 'SEQUENCE OWNED BY' && owner)
      this.#belongs(
        owner.id,
        relations.find((other) => other.id !== owner.id),
      );
  }

  #belongs(part: number, owner: Entry | undefined): void {
    if (owner && owner.id !== part) this.#owner.set(part, owner.id);
  }
}

/** Tags of constraints end with their own name. */
function ownTag({ kind, name }: Entry): string {
  return kind === 'CONSTRAINT' ? name.slice(name.lastIndexOf(' ') + 1) : name;
}

/** The relation among those an entry needs that it is on: named by the tag, as `orders` or `orders orders_pkey`. */
function relationOf({ schema, name, definition }: Entry, needed: readonly Entry[]): Entry | undefined {
  const near = needed.filter((other) => other.schema === schema);
  const named = near
    .filter((other) => name === other.name || name.startsWith(`${other.name} `))
    .sort((a, b) => b.name.length - a.name.length);
  if (named[0]) return named[0];
  // An index may need further tables, for their row types: its own is the first it names.
  const at = (other: Entry): number => {
    const found = definition.indexOf(other.name);
    return found < 0 ? Infinity : found;
  };
  return near.sort((a, b) => at(a) - at(b))[0];
}
