import type { ListingPiece } from '../../../shared/contentsPage';

/** `bytes` of an entry that has no data. */
export const NO_DATA = -1;
/** `bytes` and `rows` that nobody knows yet. */
export const UNKNOWN_BYTES = -2;
export const UNKNOWN_ROWS = -1;

/**
 * All entries of a dump as columns. An entry is its index here, which is its place in restore order; ids are what the
 * host calls it.
 */
export class Listing {
  readonly ids: number[] = [];
  readonly names: string[] = [];
  readonly bytes: number[] = [];
  readonly rows: number[] = [];
  readonly #kinds: number[] = [];
  readonly #schemas: number[] = [];
  readonly #owners: number[] = [];
  readonly #sections: number[] = [];
  readonly #databases: number[] = [];
  readonly #words = {
    kinds: [] as string[],
    schemas: [] as string[],
    owners: [] as string[],
    databases: [] as string[],
  };
  readonly #index = new Map<number, number>();

  get length(): number {
    return this.ids.length;
  }

  /** Takes the next piece; one that does not follow on what is here is dropped. */
  add(piece: ListingPiece): void {
    if (piece.from !== this.length) return;
    for (const name of ['kinds', 'schemas', 'owners', 'databases'] as const)
      for (const word of piece.words[name]) this.#words[name].push(word);
    for (const [at, id] of piece.ids.entries()) {
      this.#index.set(id, this.ids.length);
      this.ids.push(id);
      this.names.push(piece.names[at] ?? '');
      this.bytes.push(piece.bytes[at] ?? NO_DATA);
      this.rows.push(piece.rows[at] ?? UNKNOWN_ROWS);
      this.#kinds.push(piece.kinds[at] ?? 0);
      this.#schemas.push(piece.schemas[at] ?? 0);
      this.#owners.push(piece.owners[at] ?? 0);
      this.#sections.push(piece.sections[at] ?? 0);
      this.#databases.push(piece.databases[at] ?? 0);
    }
  }

  /** Takes sizes that became known. */
  resize(sizes: { id: number; bytes?: number; rows?: number }[]): void {
    for (const { id, bytes, rows } of sizes) {
      const entry = this.#index.get(id);
      if (entry === undefined) continue;
      if (bytes !== undefined) this.bytes[entry] = bytes;
      if (rows !== undefined) this.rows[entry] = rows;
    }
  }

  /** Index of an entry, -1 when it is not here (yet). */
  indexOf(id: number): number {
    return this.#index.get(id) ?? -1;
  }

  /** pg_dump's word. */
  kind(entry: number): string {
    return this.#words.kinds[this.#kinds[entry]!] ?? '';
  }

  /** Empty for what lies in no schema. */
  schema(entry: number): string {
    return this.#words.schemas[this.#schemas[entry]!] ?? '';
  }

  /** Empty when the dump names none. */
  owner(entry: number): string {
    return this.#words.owners[this.#owners[entry]!] ?? '';
  }

  /** Empty except in cluster scripts. */
  database(entry: number): string {
    return this.#words.databases[this.#databases[entry]!] ?? '';
  }

  /** Every word of a list with the number of its entries, in order of the words. */
  counted(list: 'kinds' | 'schemas' | 'owners'): { word: string; count: number }[] {
    const column = { kinds: this.#kinds, schemas: this.#schemas, owners: this.#owners }[list];
    const counts = new Map<number, number>();
    for (const index of column) counts.set(index, (counts.get(index) ?? 0) + 1);
    return [...counts]
      .map(([index, count]) => ({ word: this.#words[list][index] ?? '', count }))
      .sort((a, b) => (a.word < b.word ? -1 : a.word > b.word ? 1 : 0));
  }
}
