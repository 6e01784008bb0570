import type { Entry } from '../types';

/** What a dump's schemas hold, by name: tells `schema.table` from `alias.column`. */
export class KnownNames {
  readonly schemas = new Set<string>();
  readonly roles = new Set<string>();
  readonly #objects = new Map<string, Map<string, number[]>>();

  constructor(entries: readonly Entry[]) {
    for (const entry of entries) {
      if (entry.kind === 'SCHEMA') this.schemas.add(entry.name);
      if (entry.owner) this.roles.add(entry.owner);
      if (entry.schema === null) continue;
      this.schemas.add(entry.schema);
      const objects = this.#objects.get(entry.schema) ?? new Map<string, number[]>();
      this.#objects.set(entry.schema, objects);
      const name = ownName(entry);
      if (name === null) continue;
      const ids = objects.get(name);
      if (ids) ids.push(entry.id);
      else objects.set(name, [entry.id]);
    }
  }

  has(schema: string, name: string): boolean {
    return this.#objects.get(schema)?.has(name) ?? false;
  }

  /** Entries that make an object of that name: overloaded functions are several. */
  ids(schema: string, name: string): readonly number[] {
    return this.#objects.get(schema)?.get(name) ?? [];
  }
}

/** Kinds whose tag is the name of something that can be referred to as `schema.name`. */
const OBJECTS =
  /^(?:TABLE|FOREIGN TABLE|VIEW|MATERIALIZED VIEW|SEQUENCE|INDEX|TYPE|SHELL TYPE|DOMAIN|FUNCTION|PROCEDURE|AGGREGATE|COLLATION|CONVERSION|STATISTICS|OPERATOR (?:CLASS|FAMILY)|TEXT SEARCH (?:CONFIGURATION|DICTIONARY|PARSER|TEMPLATE))$/;
const CALLED = /^(?:FUNCTION|PROCEDURE|AGGREGATE)$/;

function ownName({ kind, name }: Entry): string | null {
  // The index of a key is no entry of its own; its name ends the constraint's tag.
  if (kind === 'CONSTRAINT') return name.slice(name.lastIndexOf(' ') + 1);
  if (!OBJECTS.test(kind)) return null;
  return CALLED.test(kind) ? name.slice(0, (name.indexOf('(') + 1 || name.length + 1) - 1) : name;
}
