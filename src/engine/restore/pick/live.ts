import { dependencyGraph, type Contents, type Entry } from '../../archive';
import { identityOf, ownerStatement, passOf } from '../../archive/restoring';
import { isContent } from './choose';
import { Parts } from '../../archive/restoring';

/** Kinds that can be made anew from their statements alone, when they are in the way of what they depend on. */
const MADE_ANEW =
  /^(?:FK CONSTRAINT|VIEW|MATERIALIZED VIEW|FUNCTION|PROCEDURE|AGGREGATE|RULE|TRIGGER|POLICY|DEFAULT|INDEX|COMMENT|ACL|SECURITY LABEL|STATISTICS|CONSTRAINT|CHECK CONSTRAINT|PUBLICATION TABLE)$/;

/** What replacing objects of a database takes beside the replacing itself. */
export interface Replacing {
  /** Statements that take away what is replaced, and what depends on it. */
  before: string[];
  /** Statements that make anew what depends on it. */
  after: string[];
  /** What is made anew. */
  anew: Entry[];
  /** What depends on it and cannot be made anew. */
  inTheWay: Entry[];
  /** Live entries that go: what is replaced, with all that belongs to it. */
  gone: Entry[];
}

/** A database that is restored into, as it is now. */
export class Live {
  readonly entries: readonly Entry[];
  readonly #byKey: Map<string, Entry>;
  readonly #byId: Map<number, Entry>;
  readonly #parts: Parts;

  constructor({ entries }: Pick<Contents, 'entries'>) {
    this.entries = entries;
    this.#byKey = new Map(entries.map((entry) => [identityOf(entry), entry]));
    this.#byId = new Map(entries.map((entry) => [entry.id, entry]));
    this.#parts = new Parts(entries);
  }

  /** The live object an entry of a dump would make; content is there when what it belongs to is. */
  find(entry: Entry): Entry | undefined {
    if (entry.kind === 'SCHEMA' && entry.name === 'public') return entry;
    return this.#byKey.get(identityOf(entry));
  }

  relation(schema: string, name: string): Entry | undefined {
    return this.entries.find(
      (entry) =>
        entry.schema === schema && entry.name === name && /TABLE$|VIEW$|^SEQUENCE$|^INDEX$/.test(entry.kind),
    );
  }

  /** Whether any relation, index or constraint of a schema has a name. */
  taken(schema: string, name: string): boolean {
    return this.entries.some(
      (entry) =>
        entry.schema === schema &&
        (entry.name === name || (/CONSTRAINT$/.test(entry.kind) && entry.name.endsWith(` ${name}`))),
    );
  }

  /**
   * What has to be done around replacing some live objects.
   *
   * @param replaced what is dropped and made again by the restore
   * @param emptied tables that keep their definition and lose their rows
   */
  replacing(replaced: readonly Entry[], emptied: readonly Entry[]): Replacing {
    const ids = replaced.map(({ id }) => id);
    const gone = this.#parts.withParts(ids, { partitions: true });
    const graph = dependencyGraph(this.entries);
    const dependent = new Set(graph.dependents(gone).filter((id) => !gone.has(id)));
    // Keys elsewhere that refer to a table keep it from being emptied.
    for (const { id } of emptied)
      for (const other of graph.neededBy(id)) {
        const entry = this.#byId.get(other)!;
        if (entry.kind === 'FK CONSTRAINT' && this.#parts.ownerOf(other) !== id && !gone.has(other))
          dependent.add(other);
      }
    const others = this.#inOrder(dependent);
    const anew = others.filter(({ kind }) => MADE_ANEW.test(kind));
    const tops = [...gone].filter((id) => {
      const owner = this.#parts.ownerOf(id);
      return owner === undefined || !gone.has(owner);
    });
    const isPartition = (id: number): boolean => !ids.includes(id);
    return {
      anew,
      inTheWay: others.filter((entry) => !MADE_ANEW.test(entry.kind) && !isContent(entry)),
      gone: this.#inOrder(gone),
      before: [
        // Tables that refer to each other cannot be dropped one by one.
        ...drops(this.#inOrder(gone).filter(({ kind }) => kind === 'FK CONSTRAINT')),
        ...drops(this.#outermost(anew)),
        ...drops(this.#inOrder(tops.filter((id) => !isPartition(id)))),
        ...emptied.map((table) => `TRUNCATE TABLE ONLY ${nameOf(table)};`),
      ],
      after: [0, 1, 2].flatMap((pass) =>
        anew.filter((entry) => passOf(entry) === pass).flatMap((entry) => makes(entry)),
      ),
    };
  }

  /** Those that do not go with another of them. */
  #outermost(entries: readonly Entry[]): Entry[] {
    const ids = new Set(entries.map(({ id }) => id));
    return entries.filter(({ id }) => !ids.has(this.#parts.ownerOf(id) ?? -1));
  }

  #inOrder(ids: Iterable<number>): Entry[] {
    const wanted = new Set(ids);
    return this.entries.filter(({ id }) => wanted.has(id));
  }
}

function drops(entries: readonly Entry[]): string[] {
  return entries.toReversed().flatMap(({ dropStatement }) => dropStatement.trim() || []);
}

function makes(entry: Entry): string[] {
  const refresh = entry.kind === 'MATERIALIZED VIEW' ? [`REFRESH MATERIALIZED VIEW ${nameOf(entry)};`] : [];
  return [entry.definition.trim(), ownerStatement(entry).trim(), ...refresh].filter(Boolean);
}

/** As the drop statement writes it: `app.orders`, `app."Order"`. */
function nameOf({ dropStatement }: Entry): string {
  return dropStatement
    .trim()
    .replace(/^DROP (?:FOREIGN TABLE|MATERIALIZED VIEW|TABLE) /, '')
    .replace(/;$/, '');
}
