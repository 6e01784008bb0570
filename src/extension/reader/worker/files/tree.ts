import type { Entry } from '../../../../engine/archive';
import { Names, safeName } from './names';

/** What a file of a dump's folder holds. */
export type DumpFile = { what: 'definition' | 'rows'; id: number };

/** No schema begins with a bracket once it is made safe. */
const noSchema = '(no schema)';

/** Plural words for the commonest kinds; the others are folders by pg_dump's own word. */
const kindFolders: Record<string, string> = {
  TABLE: 'tables',
  'TABLE DATA': 'tables',
  'FOREIGN TABLE': 'foreign tables',
  VIEW: 'views',
  'MATERIALIZED VIEW': 'materialized views',
  SEQUENCE: 'sequences',
  FUNCTION: 'functions',
  PROCEDURE: 'procedures',
  AGGREGATE: 'aggregates',
  TYPE: 'types',
  DOMAIN: 'domains',
  INDEX: 'indexes',
  CONSTRAINT: 'constraints',
  'CHECK CONSTRAINT': 'check constraints',
  'FK CONSTRAINT': 'foreign keys',
  DEFAULT: 'defaults',
  TRIGGER: 'triggers',
  RULE: 'rules',
  POLICY: 'policies',
  SCHEMA: 'schemas',
  EXTENSION: 'extensions',
  ROLE: 'roles',
  DATABASE: 'databases',
  COMMENT: 'comments',
  ACL: 'grants',
};

class Folder {
  readonly folders = new Map<string, Folder>();
  readonly files = new Map<string, DumpFile>();
  /** Safe names by the names they were made from. */
  readonly #bases = new Map<string, string>();
  readonly #names = new Names();

  /** The folder below, made where it is missing, with the names it was given. */
  at(place: readonly string[]): { folder: Folder; path: string[] } {
    // eslint-disable-next-line @typescript-eslint/no-this-alias
    let folder: Folder = this;
    const path: string[] = [];
    for (const part of place) {
      const name = folder.#folderName(part);
      const next = folder.folders.get(name) ?? new Folder();
      folder.folders.set(name, next);
      folder = next;
      path.push(name);
    }
    return { folder, path };
  }

  #folderName(wanted: string): string {
    const key = `/ ${wanted}`;
    const known = this.#bases.get(key) ?? this.#names.take(wanted, '');
    this.#bases.set(key, known);
    return known;
  }

  /** @param beside take the name the file of this name and extension has */
  add(name: string, extension: string, file: DumpFile, beside?: string): string {
    const base = (beside === undefined ? undefined : this.#bases.get(`${beside} ${name}`)) ?? safeName(name);
    const given = this.#names.take(base, extension);
    if (!this.#bases.has(`${extension} ${name}`))
      this.#bases.set(`${extension} ${name}`, given.slice(0, -extension.length));
    this.files.set(given, file);
    return given;
  }
}

export interface FileTree {
  /** Names below a folder; undefined when there is none. */
  list(path: readonly string[]): { folders: string[]; files: string[] } | undefined;
  find(path: readonly string[]): DumpFile | 'folder' | undefined;
  /** Where a definition or a table's rows are. */
  pathOf(what: 'definition' | 'rows', id: number): string | undefined;
}

/**
 * A dump as folders: in cluster scripts databases, then schemas, then kinds; one `.sql` per entry that has a
 * definition, one `.csv` per table.
 */
export function fileTree(entries: readonly Entry[]): FileTree {
  const root = new Folder();
  const paths = new Map<string, string>();
  for (const { id, kind, schema, name, database, definition, hasData } of entries) {
    const place = [
      // In cluster scripts.
      ...(database !== undefined ? [safeName(database)] : []),
      schema === null ? noSchema : safeName(schema),
      kindFolders[kind] ?? safeName(kind.toLowerCase()),
    ];
    const rows = hasData && kind === 'TABLE DATA';
    if (!rows && definition === '') continue;
    const { folder, path } = root.at(place);
    const file: DumpFile = { what: rows ? 'rows' : 'definition', id };
    const given = rows ? folder.add(name, '.csv', file, '.sql') : folder.add(name, '.sql', file);
    paths.set(`${file.what} ${id}`, [...path, given].join('/'));
  }

  const walk = (path: readonly string[]): Folder | undefined => {
    let folder: Folder | undefined = root;
    for (const part of path) folder = folder?.folders.get(part);
    return folder;
  };
  return {
    list(path) {
      const folder = walk(path);
      return folder && { folders: [...folder.folders.keys()], files: [...folder.files.keys()] };
    },
    find(path) {
      if (walk(path)) return 'folder';
      return walk(path.slice(0, -1))?.files.get(path.at(-1) ?? '');
    },
    pathOf: (what, id) => paths.get(`${what} ${id}`),
  };
}
