/** A part of a tool's work: the rows of a table, an index. */
export interface WorkItem {
  /** As the tool's messages name it: `data public.orders`, `INDEX public.orders_pkey`. */
  key: string;
  /** Share of the whole, in any unit. */
  weight: number;
  /** Estimated rows, null when unknown. */
  rows: number | null;
  /** Bytes the server will move for it, null when unknown. */
  bytes: number | null;
}

/** What the server says about one running part. */
export interface Observation {
  /**
   * The relation's `schema.name`; null when it is in a database the asking session is not in. Of a base backup the phase
   * it is in.
   */
  relation: string | null;
  kind: 'copy' | 'index' | 'basebackup';
  /** 0 … 1 where the server knows the whole; null for a COPY from or to a client. */
  fraction: number | null;
  tuples: number;
  bytes: number;
}

interface Active {
  item: WorkItem;
  fraction: number;
}

/** A part is done when the tool says so, never because an estimate was exceeded. */
const atMost = 0.99;

/**
 * How far a tool is, from its messages (which part begins, which is finished) and the server's progress
 * views (how far into the part). Without parts to weigh it knows no fraction.
 */
export class WorkList {
  readonly #open = new Map<string, WorkItem[]>();
  readonly #active = new Map<string, Active>();
  readonly #parallel: boolean;
  readonly #total: number;
  #done = 0;

  /** @param parallel several parts run at a time, and the tool says when each is finished. */
  constructor(items: WorkItem[], parallel: boolean) {
    this.#parallel = parallel;
    for (const item of items) {
      // Two databases of one pg_dumpall have tables of the same name: served in order.
      const same = this.#open.get(item.key);
      if (same) same.push(item);
      else this.#open.set(item.key, [item]);
    }
    this.#total = items.reduce((sum, item) => sum + item.weight, 0);
  }

  /** The tool begins a part. One at a time: whatever ran before is finished. */
  start(key: string): void {
    if (!this.#parallel) this.finishAll();
    const item = this.#open.get(key)?.shift();
    if (item) this.#active.set(key, { item, fraction: 0 });
  }

  finish(key: string): void {
    const active = this.#active.get(key);
    if (!active) return;
    this.#done += active.item.weight;
    this.#active.delete(key);
  }

  finishAll(): void {
    for (const key of [...this.#active.keys()]) this.finish(key);
  }

  /** The key of the running part whose name, without its schema, is this. */
  activeNamed(name: string): string | undefined {
    return [...this.#active.keys()].find((key) => key.endsWith(`.${name}`));
  }

  observe(observations: Observation[]): void {
    const nameless = [...this.#active.values()];
    for (const seen of observations) {
      const named = seen.relation === null ? undefined : this.#active.get(`data ${seen.relation}`);
      // Its name unknown, it is one of those that run; which one matters little for the sum.
      const active =
        named ?? (seen.relation === null || seen.kind === 'index' ? nameless.shift() : undefined);
      if (!active) continue;
      const { item } = active;
      const estimate =
        seen.fraction ?? (item.rows ? seen.tuples / item.rows : item.bytes ? seen.bytes / item.bytes : 0);
      active.fraction = Math.max(active.fraction, Math.min(atMost, estimate));
    }
  }

  /** 0 … 1, null when there is nothing to weigh. */
  fraction(): number | null {
    if (this.#total === 0) return null;
    let done = this.#done;
    for (const { item, fraction } of this.#active.values()) done += item.weight * fraction;
    return Math.min(1, done / this.#total);
  }
}
