import type { Column, Contents, Entry } from '../types';
import { copyTarget } from './columns';
import { addedConstraint, addedIdentity, applyConstraint, tableDefinition } from './definition';
import type { DefinedColumn, TableDefinition, TableName } from './definition';

/** Tables that inherit from each other deeper than this are not followed. */
const MOST_PARENTS = 1000;

/** Columns of a table's rows, and how INSERT statements without a list map to them. */
export interface TableColumns {
  columns: Column[];
  /** The definition's columns, computed ones too; null when the dump holds no definition. */
  defined: DefinedColumn[] | null;
  /** Whether `columns` is certain: the COPY statement or the definition tells. */
  certain: boolean;
}

/** The columns of the rows of a TABLE DATA entry: those the COPY statement lists, else the definition's. */
export function tableColumns(entry: Entry, contents: Contents): TableColumns {
  const target = copyTarget(entry.copyStatement);
  const own = { schema: entry.schema, name: entry.name };
  const finder = definitionsOf(contents);
  const defined = finder.columns(own, entry.database) ?? targetColumns(finder, target, entry.database);
  const described = new Map(defined?.map((column) => [column.name, column]));
  // Dumps hold no values for computed columns, and COPY without a list leaves them out.
  const names = target?.columns ?? defined?.filter(({ generated }) => !generated).map(({ name }) => name);
  const columns = (names ?? []).map((name): Column => {
    const { type = null, notNull = false, key = false } = described.get(name) ?? {};
    return { name, type, notNull, key };
  });
  if (target?.oids) columns.unshift({ name: 'oid', type: 'oid', notNull: true, key: false });
  const certain = names !== undefined || /\S {2}FROM stdin;/.test(entry.copyStatement);
  return { columns, defined, certain };
}

/** Data loaded through a partition's root names the root. */
function targetColumns(
  finder: Definitions,
  target: ReturnType<typeof copyTarget>,
  database: string | undefined,
): DefinedColumn[] | null {
  return target && finder.columns({ schema: target.schema, name: target.table }, database);
}

const keyOf = ({ schema, name }: TableName, database: string | undefined): string =>
  JSON.stringify([database ?? null, schema, name]);

/** Finds tables' definitions among many entries. */
class Definitions {
  readonly length: number;
  readonly #tables = new Map<string, Entry>();
  /** By the table's name as far as the tag tells it. */
  readonly #constraints = new Map<string, Entry[]>();
  readonly #identities: Entry[] = [];

  constructor(entries: readonly Entry[]) {
    this.length = entries.length;
    for (const entry of entries) {
      const { kind, database } = entry;
      if (kind === 'TABLE' || kind === 'FOREIGN TABLE' || kind === 'TYPE') {
        const key = keyOf(entry, database);
        if (!this.#tables.has(key) || kind !== 'TYPE') this.#tables.set(key, entry);
      } else if (kind === 'CONSTRAINT') {
        // Its tag is `table constraint`, where both may hold blanks.
        for (let at = entry.name.indexOf(' '); at >= 0; at = entry.name.indexOf(' ', at + 1)) {
          const of = keyOf({ schema: entry.schema, name: entry.name.slice(0, at) }, database);
          const list = this.#constraints.get(of);
          if (list) list.push(entry);
          else this.#constraints.set(of, [entry]);
        }
      } else if (kind === 'SEQUENCE' && /^\s*alter/i.test(entry.definition)) this.#identities.push(entry);
    }
  }

  /** Columns of a table in their order, with what its constraints say; null without a definition. */
  columns(table: TableName, database: string | undefined): DefinedColumn[] | null {
    const columns = this.#columnsOf(table, database);
    if (columns) this.#constrain(table, database, columns);
    return columns;
  }

  #columnsOf(table: TableName, database: string | undefined): DefinedColumn[] | null {
    const root = this.#definition(table, database);
    if (!root) return null;
    // Parents first, each once, without recursion: the dump may name itself in a circle.
    const order: TableDefinition[] = [];
    const met = new Set<string>();
    const open: (TableDefinition | { done: TableDefinition })[] = [root];
    while (open.length > 0 && met.size < MOST_PARENTS) {
      const next = open.pop()!;
      if ('done' in next) {
        order.push(next.done);
        continue;
      }
      const key = keyOf(next.table, database);
      if (met.has(key)) continue;
      met.add(key);
      open.push({ done: next });
      const needed = [
        ...next.parents,
        ...(next.ofType ? [next.ofType] : []),
        ...next.like.map((l) => l.table),
      ];
      for (const name of needed.reverse()) open.push(...this.#optional(name, database));
    }
    const known = new Map<string, DefinedColumn[]>();
    for (const definition of order)
      known.set(keyOf(definition.table, database), merged(definition, known, database));
    return known.get(keyOf(root.table, database)) ?? null;
  }

  #optional(name: TableName, database: string | undefined): TableDefinition[] {
    const found = this.#definition(name, database);
    return found ? [found] : [];
  }

  #definition(table: TableName, database: string | undefined): TableDefinition | null {
    const entry = this.#tables.get(keyOf(table, database));
    const found = entry && tableDefinition(entry.definition);
    if (!found) return null;
    const inSchema = (name: TableName): TableName => ({ ...name, schema: name.schema ?? table.schema });
    return {
      table,
      columns: found.columns,
      parents: found.parents.map(inSchema),
      ofType: found.ofType && inSchema(found.ofType),
      like: found.like.map((clause) => ({ ...clause, table: inSchema(clause.table) })),
    };
  }

  #constrain(table: TableName, database: string | undefined, columns: DefinedColumn[]): void {
    for (const { definition } of this.#constraints.get(keyOf(table, database)) ?? []) {
      const added = addedConstraint(definition);
      if (added && isSame(added.table, table)) applyConstraint(columns, added);
    }
  }

  /** Names of the columns of a table that are GENERATED ALWAYS AS IDENTITY. */
  identities(table: TableName, database: string | undefined): string[] {
    const inside = this.#columnsOf(table, database)?.filter(({ identityAlways }) => identityAlways) ?? [];
    const added = this.#identities.flatMap(({ definition, schema, database: of }) => {
      if (schema !== table.schema || of !== database || !definition.includes(table.name)) return [];
      const identity = addedIdentity(definition);
      return identity && isSame(identity.table, table) ? [identity.column] : [];
    });
    return [...inside.map(({ name }) => name), ...added];
  }
}

/** Before the minor releases of March 2018 names are not qualified. */
function isSame(written: TableName, { schema, name }: TableName): boolean {
  return written.name === name && (written.schema ?? schema) === schema;
}

/** A table's columns: those of its parents or type, its own, and those of LIKE clauses where they stand. */
function merged(
  { columns, parents, ofType, like }: TableDefinition,
  known: Map<string, DefinedColumn[]>,
  database: string | undefined,
): DefinedColumn[] {
  const found = new Map<string, DefinedColumn>();
  const add = (column: DefinedColumn): void => {
    const before = found.get(column.name);
    if (!before) found.set(column.name, { ...column });
    else {
      before.type ??= column.type;
      before.notNull ||= column.notNull;
      before.key ||= column.key;
      before.generated ||= column.generated;
      before.identityAlways ||= column.identityAlways;
    }
  };
  const of = (table: TableName): DefinedColumn[] => known.get(keyOf(table, database)) ?? [];
  for (const parent of [...parents, ...(ofType ? [ofType] : [])])
    for (const column of of(parent)) add({ ...column, key: false, identityAlways: false });
  for (let at = 0; at <= columns.length; at++) {
    for (const clause of like.filter((l) => l.at === at))
      // LIKE copies names, types and NOT NULL; the rest only when asked for.
      for (const column of of(clause.table))
        add({ ...column, key: false, generated: false, identityAlways: false });
    const own = columns[at];
    if (own) add(own);
  }
  return [...found.values()];
}

const definitions = new WeakMap<Contents, Definitions>();

function definitionsOf(contents: Contents): Definitions {
  let found = definitions.get(contents);
  // The contents of a script grow while it is read.
  if (found?.length !== contents.entries.length)
    definitions.set(contents, (found = new Definitions(contents.entries)));
  return found!;
}

/** Names of the columns of an entry's table that take values only with OVERRIDING SYSTEM VALUE. */
export function identityColumns({ schema, name, database }: Entry, contents: Contents): string[] {
  return definitionsOf(contents).identities({ schema, name }, database);
}
