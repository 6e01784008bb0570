import type { InsertHead } from './insert-head';
import type { TableColumns } from './table-columns';

/** Where the values of INSERT statements go in a table's rows. */
export class InsertColumns {
  readonly #table: TableColumns;
  readonly #known = new WeakMap<InsertHead, number[]>();

  constructor(table: TableColumns) {
    this.#table = table;
  }

  /** Column of each value of a statement; -1 for computed columns, which rows do not have. */
  of(head: InsertHead): readonly number[] {
    let columns = this.#known.get(head);
    if (!columns) this.#known.set(head, (columns = this.#map(head)));
    return columns;
  }

  #map({ columns: named }: InsertHead): number[] {
    const { columns, defined } = this.#table;
    const names = named ?? defined?.map(({ name }) => name);
    if (!names) return columns.map((_, i) => i);
    const computed = new Set(defined?.filter(({ generated }) => generated).map(({ name }) => name));
    const places = new Map(columns.map(({ name }, i) => [name, i]));
    return names.map((name) => (computed.has(name) ? -1 : (places.get(name) ?? this.#add(name))));
  }

  /** What only the statement names: the dump has no definition, or one that does not fit. */
  #add(name: string): number {
    return this.#table.columns.push({ name, type: null, notNull: false, key: false }) - 1;
  }

  /** There are more values than anything says. */
  more(values: number): void {
    const { columns } = this.#table;
    while (columns.length < values) this.#add(`column${columns.length + 1}`);
  }

  get count(): number {
    return this.#table.columns.length;
  }

  isText(column: number): boolean {
    return /^(?:text|character|varchar|char|bpchar|name)\b/i.test(this.#table.columns[column]?.type ?? '');
  }
}
