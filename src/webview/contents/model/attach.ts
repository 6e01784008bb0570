import type { Listing } from './listing';

/** Kinds that a table, view, sequence or the like is named by in comments and grants. */
const RELATIONS = new Set(['TABLE', 'FOREIGN TABLE', 'VIEW', 'MATERIALIZED VIEW', 'SEQUENCE']);
/** Entries that are named as the relation they belong to. */
const OF_RELATION = new Set([
  'TABLE DATA',
  'SEQUENCE SET',
  'SEQUENCE OWNED BY',
  'TABLE ATTACH',
  'ROW SECURITY',
  'STATISTICS DATA',
  'MATERIALIZED VIEW DATA',
]);
/** Entries about another that their name tells: `TABLE orders`, `COLUMN orders.note`. */
const ABOUT = new Set(['COMMENT', 'ACL', 'SECURITY LABEL']);
/** Things on a table: named `table name` themselves, `NAME ON table` in comments. */
const ON_TABLE: Record<string, string[]> = {
  CONSTRAINT: ['CONSTRAINT', 'FK CONSTRAINT', 'CHECK CONSTRAINT'],
  TRIGGER: ['TRIGGER'],
  RULE: ['RULE'],
  POLICY: ['POLICY'],
};

/**
 * Which entry each entry is a part of, found by pg_dump's way of naming them: rows, value, comment, grants of a table
 * belong to the table. An entry whose object is not in the dump stands alone.
 *
 * @returns for every entry the index of the entry it is attached to, -1 for none
 */
export function attachments(listing: Listing): Int32Array {
  const objects = new Objects(listing);
  const owners = new Int32Array(listing.length).fill(-1);
  for (let entry = 0; entry < listing.length; entry++) {
    const owner = objects.ownerOf(entry);
    if (owner !== entry) owners[entry] = owner;
  }
  // What is attached to something attached goes to that one's owner: the tree has one level of parts.
  for (let entry = 0; entry < owners.length; entry++) {
    const owner = owners[entry]!;
    if (owner >= 0 && owners[owner]! >= 0) owners[entry] = owners[owner]!;
    if (owners[entry] === entry) owners[entry] = -1;
  }
  return owners;
}

/** Finds objects by kind and name. */
class Objects {
  readonly #listing: Listing;
  readonly #named = new Map<string, number>();

  constructor(listing: Listing) {
    this.#listing = listing;
    for (let entry = 0; entry < listing.length; entry++) {
      const kind = listing.kind(entry);
      if (ABOUT.has(kind) || OF_RELATION.has(kind)) continue;
      const key = this.#key(entry, RELATIONS.has(kind) ? 'TABLE' : kind, listing.names[entry]!);
      if (!this.#named.has(key)) this.#named.set(key, entry);
      if (kind === 'CONSTRAINT') this.#nameIndex(entry);
    }
  }

  /** The index of a key or unique constraint is no entry of its own; its name ends the constraint's. */
  #nameIndex(entry: number): void {
    const tag = this.#listing.names[entry]!;
    const key = this.#key(entry, 'INDEX', tag.slice(tag.lastIndexOf(' ') + 1));
    if (!this.#named.has(key)) this.#named.set(key, entry);
  }

  ownerOf(entry: number): number {
    const kind = this.#listing.kind(entry);
    const name = this.#listing.names[entry]!;
    if (OF_RELATION.has(kind))
      return this.#first(entry, kind === 'STATISTICS DATA' ? ['TABLE', 'INDEX'] : ['TABLE'], name);
    if (ABOUT.has(kind)) return this.#subject(entry, name);
    if (kind === 'DEFAULT') return this.#tableBefore(entry, name);
    if (kind === 'INDEX ATTACH') return this.#first(entry, ['INDEX'], name);
    if (kind === 'BLOBS') return this.#first(entry, ['BLOB METADATA'], name);
    if (kind === 'DATABASE PROPERTIES') return this.#first(entry, ['DATABASE'], name);
    return -1;
  }

  /** Names are looked up within the schema and database of the one that names them. */
  #key(entry: number, kind: string, name: string): string {
    return `${this.#listing.database(entry)}\0${this.#listing.schema(entry)}\0${kind}\0${name}`;
  }

  #first(entry: number, kinds: string[], name: string): number {
    for (const kind of kinds) {
      const found = this.#named.get(this.#key(entry, kind, name));
      if (found !== undefined) return found;
    }
    return -1;
  }

  /** `TABLE orders`, `COLUMN "Order".note`, `FUNCTION f(integer)`, `TRIGGER t ON orders`; long ago a bare name. */
  #subject(entry: number, tag: string): number {
    const match = /^([A-Z]+(?: [A-Z]+)*) ([^]+)$/.exec(tag);
    if (!match) return this.#first(entry, ['TABLE', 'FUNCTION', 'SCHEMA', 'TYPE'], tag);
    const kind = match[1]!;
    const rest = match[2]!;
    if (kind === 'COLUMN') return this.#first(entry, ['TABLE', 'TYPE'], identifier(rest).name);
    const onTable = ON_TABLE[kind];
    if (onTable) {
      const { name, end } = identifier(rest);
      if (rest.startsWith(' ON ', end))
        return this.#first(entry, onTable, `${identifier(rest.slice(end + 4)).name} ${name}`);
    }
    const { name, end } = identifier(rest);
    const kinds = RELATIONS.has(kind) ? ['TABLE'] : kind === 'LANGUAGE' ? ['PROCEDURAL LANGUAGE'] : [kind];
    return this.#first(entry, kinds, name + rest.slice(end));
  }

  /** `table column`, where either may hold blanks: the first that is a table. */
  #tableBefore(entry: number, tag: string): number {
    // A name has at most 63 bytes.
    for (let blank = tag.indexOf(' '); blank > 0 && blank < 64; blank = tag.indexOf(' ', blank + 1)) {
      const found = this.#first(entry, ['TABLE'], tag.slice(0, blank));
      if (found >= 0) return found;
    }
    return -1;
  }
}

/** The name at the beginning of a text, without its quotes, and where it ends. */
function identifier(text: string): { name: string; end: number } {
  const quoted = /^"((?:[^"]|"")*)"/.exec(text);
  if (quoted) return { name: quoted[1]!.replaceAll('""', '"'), end: quoted[0].length };
  const end = /[\s.(]|$/.exec(text)!.index;
  return { name: text.slice(0, end), end };
}

/**
 * Where the rows of each entry are: at the entry itself, or at the `TABLE DATA` attached to it.
 *
 * @returns for every entry the index of the entry that holds its rows, -1 for none
 */
export function rowsEntries(listing: Listing, owners: Int32Array): Int32Array {
  const holders = new Int32Array(listing.length).fill(-1);
  for (let entry = 0; entry < listing.length; entry++) {
    if (listing.kind(entry) !== 'TABLE DATA') continue;
    holders[entry] = entry;
    const owner = owners[entry]!;
    if (owner >= 0 && holders[owner] === -1) holders[owner] = entry;
  }
  return holders;
}
