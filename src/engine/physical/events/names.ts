import { CatalogPages } from './catalog';
import type { EventDatabase } from './types';

/** OIDs of catalogs (src/include/catalog), which are the names of their files as well until they are rewritten. */
export const PG_CLASS = 1259;
const PG_NAMESPACE = 2615;
export const PG_DATABASE = 1262;
/** The database of what all of them share. */
export const SHARED = 0;
/** Objects of users have OIDs from here on (FirstNormalObjectId). */
export const FIRST_NORMAL = 16384;
/** Schemas that are the same in every database. */
const fixedSchemas = new Map([
  [11, 'pg_catalog'],
  [99, 'pg_toast'],
  [2200, 'public'],
]);

/** A row of pg_class. */
export interface RelationName {
  oid: number;
  name: string;
  namespace: number;
  /** 0 where it has none, or where pg_filenode.map says it. */
  file: number;
  /** `relkind`. */
  kind: string;
}

/** Where a mapped catalog lies: `RelMapping` (relmapper.c). */
export type FileMap = Map<number, number>;

const MAP_MAGIC = 0x592717;

/** Reads `pg_filenode.map`, or the same in the WAL; null for what is none. */
export function parseFileMap(bytes: Buffer): FileMap | null {
  if (bytes.length < 8 || bytes.readUInt32LE(0) !== MAP_MAGIC) return null;
  const count = bytes.readUInt32LE(4);
  if (8 + count * 8 > bytes.length) return null;
  const map: FileMap = new Map();
  for (let at = 8; at < 8 + count * 8; at += 8) map.set(bytes.readUInt32LE(at), bytes.readUInt32LE(at + 4));
  return map;
}

/** A column of type name: 64 bytes, ended by a zero. */
function nameAt(bytes: Buffer, at: number): string {
  const end = bytes.indexOf(0, at);
  return bytes.toString('utf8', at, end < 0 ? at + 64 : Math.min(end, at + 64));
}

/** The relations of one database. */
class DatabaseNames {
  readonly byFile = new Map<number, RelationName>();
  readonly byOid = new Map<number, RelationName>();
  readonly schemas = new Map<number, string>(fixedSchemas);
  /** By the file that they lie in. */
  readonly catalogs = new Map<number, CatalogPages<unknown>>();
  /** Files of catalogs, by `pg_filenode.map`: pg_class has no file of these. */
  readonly mapped = new Set<number>();

  constructor(major: number) {
    this.place(PG_CLASS, PG_CLASS, major);
    this.place(PG_NAMESPACE, PG_NAMESPACE, major);
  }

  /** Says in which file a catalog lies. What is known of its rows stays. */
  place(oid: number, file: number, major: number): void {
    if (this.catalogs.has(file)) return;
    if (oid === PG_CLASS) this.catalogs.set(file, this.#classes(major));
    if (oid === PG_NAMESPACE) this.catalogs.set(file, this.#namespaces());
  }

  placeAll(map: FileMap, major: number): void {
    for (const file of map.values()) this.mapped.add(file);
    const classes = map.get(PG_CLASS);
    if (classes !== undefined) this.place(PG_CLASS, classes, major);
  }

  /** pg_class: its first columns have fixed widths and stand at the same place in 15 to 17; in 18 there is one more before relkind. */
  #classes(major: number): CatalogPages<unknown> {
    const kindAt = major >= 18 ? 119 : 115;
    return new CatalogPages<RelationName>({
      oid: PG_CLASS,
      read: (head) =>
        head.length > kindAt
          ? {
              oid: head.readUInt32LE(0),
              name: nameAt(head, 4),
              namespace: head.readUInt32LE(68),
              file: head.readUInt32LE(88),
              kind: String.fromCharCode(head[kindAt]!),
            }
          : null,
      put: (row) => {
        this.byOid.set(row.oid, row);
        if (row.file !== 0) this.byFile.set(row.file, row);
        if (row.oid === PG_NAMESPACE && row.file !== 0) this.place(PG_NAMESPACE, row.file, major);
      },
      drop: (row) => {
        if (this.byOid.get(row.oid) === row) this.byOid.delete(row.oid);
        if (this.byFile.get(row.file) === row) this.byFile.delete(row.file);
      },
    });
  }

  #namespaces(): CatalogPages<unknown> {
    return new CatalogPages<{ oid: number; name: string }>({
      oid: PG_NAMESPACE,
      read: (head) => (head.length >= 68 ? { oid: head.readUInt32LE(0), name: nameAt(head, 4) } : null),
      put: ({ oid, name }) => void this.schemas.set(oid, name),
      drop: ({ oid, name }) => {
        if (this.schemas.get(oid) === name) this.schemas.delete(oid);
      },
    });
  }
}

/** Names of databases and relations, as a backup and the WAL tell them. */
export class Names {
  readonly major: number;
  readonly #databases = new Map<number, string>();
  readonly #shared = new Map<number, CatalogPages<unknown>>();
  readonly #of = new Map<number, DatabaseNames>();

  constructor(major: number) {
    this.major = major;
    this.place(SHARED, new Map([[PG_DATABASE, PG_DATABASE]]));
  }

  /** The catalog that lies in a file of a database; undefined for files that are none of those that tell names. */
  catalog(database: number, file: number): CatalogPages<unknown> | undefined {
    if (database === SHARED) return this.#shared.get(file);
    return this.#relations(database).catalogs.get(file);
  }

  /** Says in which files the catalogs lie that `pg_filenode.map` has. */
  place(database: number, map: FileMap): void {
    if (database !== SHARED) return this.#relations(database).placeAll(map, this.major);
    const file = map.get(PG_DATABASE);
    if (file === undefined || this.#shared.has(file)) return;
    this.#shared.set(
      file,
      new CatalogPages<{ oid: number; name: string }>({
        oid: PG_DATABASE,
        read: (head) => (head.length >= 68 ? { oid: head.readUInt32LE(0), name: nameAt(head, 4) } : null),
        put: ({ oid, name }) => void this.#databases.set(oid, name),
        // What was dropped keeps its name for as long as its number is not another's.
        drop: () => undefined,
      }),
    );
  }

  isDatabases(file: number): boolean {
    return this.#shared.has(file);
  }

  /** Whether a file is one of a system catalog that has its place in `pg_filenode.map`. */
  isMapped(database: number, file: number): boolean {
    return this.#of.get(database)?.mapped.has(file) ?? false;
  }

  /** The file of pg_namespace, by what is known of pg_class. */
  namespaceFile(database: number): number {
    return this.#relations(database).byOid.get(PG_NAMESPACE)?.file || PG_NAMESPACE;
  }

  database(oid: number): EventDatabase {
    return { oid, name: this.#databases.get(oid) ?? null };
  }

  byFile(database: number, file: number): RelationName | undefined {
    return this.#of.get(database)?.byFile.get(file);
  }

  byOid(database: number, oid: number): RelationName | undefined {
    return this.#of.get(database)?.byOid.get(oid);
  }

  schema(database: number, { namespace }: RelationName): string | null {
    return this.#of.get(database)?.schemas.get(namespace) ?? fixedSchemas.get(namespace) ?? null;
  }

  /** What is known of a database that is gone. */
  forget(database: number): void {
    this.#of.delete(database);
  }

  #relations(database: number): DatabaseNames {
    let names = this.#of.get(database);
    if (!names) this.#of.set(database, (names = new DatabaseNames(this.major)));
    return names;
  }
}
