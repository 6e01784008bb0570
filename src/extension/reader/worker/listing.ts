import type { Entry } from '../../../engine/archive';
import type { ListingPiece } from '../../../shared/contentsPage';

const sections: Entry['section'][] = ['none', 'pre-data', 'data', 'post-data'];

/** Words in the order they were first met, so that a piece of the listing brings those new in it. */
class Words {
  readonly #numbers = new Map<string, number>();
  readonly #words: string[] = [];
  /** Entry each word was first met in, ascending. */
  readonly #metAt: number[] = [];

  constructor(first: string[] = []) {
    for (const word of first) this.number(word, 0);
  }

  number(word: string, at: number): number {
    const known = this.#numbers.get(word);
    if (known !== undefined) return known;
    this.#numbers.set(word, this.#words.length);
    this.#metAt.push(at);
    return this.#words.push(word) - 1;
  }

  metIn(from: number, to: number): string[] {
    return this.#words.filter((_word, index) => {
      const at = this.#metAt[index] ?? 0;
      return at >= from && at < to;
    });
  }
}

/** The contents as columns of numbers and names: what the page lists, without definitions. */
export class Listing {
  readonly #kinds = new Words();
  readonly #schemas = new Words(['']);
  readonly #owners = new Words(['']);
  readonly #databases = new Words(['']);
  readonly #columns = {
    ids: [] as number[],
    kinds: [] as number[],
    schemas: [] as number[],
    owners: [] as number[],
    sections: [] as number[],
    names: [] as string[],
    databases: [] as number[],
  };

  add(entries: readonly Entry[]): void {
    const { ids, kinds, schemas, owners, sections: parts, names, databases } = this.#columns;
    for (const { id, kind, schema, owner, section, name, database } of entries) {
      const at = ids.push(id) - 1;
      kinds.push(this.#kinds.number(kind, at));
      schemas.push(this.#schemas.number(schema ?? '', at));
      owners.push(this.#owners.number(owner ?? '', at));
      databases.push(this.#databases.number(database ?? '', at));
      parts.push(sections.indexOf(section));
      names.push(name);
    }
  }

  /** @param entries those added, in the same order: sizes change with time, so they are not kept here */
  piece(
    { from, count }: { from: number; count: number },
    entries: readonly Entry[],
    rowsOf: (entry: Entry) => number,
  ): ListingPiece {
    const to = Math.min(from + count, entries.length);
    const { ids, kinds, schemas, owners, sections: parts, names, databases } = this.#columns;
    const some = entries.slice(from, to);
    return {
      from,
      ids: ids.slice(from, to),
      kinds: kinds.slice(from, to),
      schemas: schemas.slice(from, to),
      owners: owners.slice(from, to),
      sections: parts.slice(from, to),
      names: names.slice(from, to),
      databases: databases.slice(from, to),
      bytes: some.map(({ hasData, bytes }) => (hasData ? (bytes ?? -2) : -1)),
      rows: some.map(rowsOf),
      words: {
        kinds: this.#kinds.metIn(from, to),
        schemas: this.#schemas.metIn(from, to),
        owners: this.#owners.metIn(from, to),
        databases: this.#databases.metIn(from, to),
      },
    };
  }
}
