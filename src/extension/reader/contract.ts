import type { Contents, KnownRows, Limits, LargeObject, RowQuery } from '../../engine/archive';
import type { Verified } from '../../engine/artifacts';
import type { BaseContents, VerifiedBase } from '../../engine/physical';
import type { ClientBuild } from '../../engine/tools/types';
import type { ErrorFacts } from '../../engine/errors';
import type {
  Column,
  CopiedRows,
  Definition,
  Dependencies,
  ExportFormat,
  FoundRow,
  ListingPiece,
  RowsPage,
} from '../../shared/contentsPage';

/** What the reader's thread is started with. */
export interface ReaderStart {
  /** File, or folder of a directory dump. */
  path: string;
  limits: Partial<Limits>;
  /** The editor's translations of the engine's sentences. */
  texts: Record<string, string> | null;
}

/** How far a dump is open. */
export interface Opened {
  /** Null while a script is still read and nothing but its entries so far is known. */
  facts: Omit<Contents, 'entries'> | null;
  /** Entries known so far. */
  entries: number;
  /** Whether these are all. */
  complete: boolean;
  /** Bytes of data are not known without walking the file. */
  unlocated: boolean;
  /** Roles with a password hash. */
  passwords: number;
}

/** Something known of entries by now. */
export interface EntrySize {
  id: number;
  bytes?: number;
  rows?: number;
}

/** What lies inside of a dump, as files. */
export interface FileFacts {
  folder: boolean;
  /** Bytes; of rows a guess, since they are written when they are read. */
  size: number;
}

/** What became of a dump that was salvaged, in numbers. */
export interface Salvaged {
  /** The script or folder, and the folder of rows of which nobody knows the table. */
  files: string[];
  tables: { whole: number; partial: number; lost: number };
  /** Definitions that were written. */
  definitions: number;
  lostObjects: number;
}

/** A place in a definition. */
export interface FileMatch {
  file: string;
  kind: string;
  schema: string | null;
  name: string;
  /** The line that holds the text, shortened; `line` counts from 0 in the file. */
  text: string;
  line: number;
  column: number;
}

/** Calls into the reader's thread. All of them may be cancelled; answers are pieces, never the whole. */
export interface ReaderCalls {
  /** Opens at the first call; answers with what is known after a moment. The rest comes as `opened`. */
  open(nothing: null): Opened;
  listing(piece: { from: number; count: number }): ListingPiece;
  findInDefinitions(query: { text: string }): number[];
  definition(id: number): Definition;
  dependencies(id: number): Dependencies;
  closure(ids: number[]): { needs: number[]; missing: number[] };
  columns(id: number): Column[];
  known(id: number): KnownRows;
  rows(page: { id: number; from: number; count: number }): RowsPage;
  count(id: number): number;
  /** Counts the rows of every table; each becomes known by `sizes`. */
  countAll(nothing: null): void;
  /** Takes over rows that were counted elsewhere, by a verification; they become known by `sizes`. */
  takeCounts(nothing: null): void;
  locate(nothing: null): void;
  search(search: { id: number; query: RowQuery; from: number; limit: number }): {
    found: FoundRow[];
    next: number | null;
  };
  /** Where a table's rows are: of a table too long for a document its first rows. Null when it has none. */
  fileOfRows(id: number): string | null;
  /** Where a value is a document of its own; null for NULL. */
  fileOfValue(cell: { id: number; row: number; column: number }): string | null;
  /** Rows as text for the clipboard, up to a bound. */
  textOfRows(what: CopiedRows): { text: string; rows: number; complete: boolean };
  /** Writes a table, or the rows of it that fit, to a file that appears when it is whole. */
  exportRows(what: { id: number; format: ExportFormat; query?: RowQuery; path: string }): { rows: number };
  largeObjects(piece: { from: number; count: number }): { objects: LargeObject[]; total: number | null };
  /** The beginning of a large object. */
  largeObjectHead(head: { oid: number; most: number }): { bytes: Uint8Array; whole: boolean };
  /** Writes a large object to a file that appears when it is whole. */
  saveLargeObject(what: { oid: number; path: string }): void;
  /** The dump as folders and files; undefined where there is none of that name. */
  listFiles(path: string[]): { folders: string[]; files: string[] } | null;
  statFile(path: string[]): FileFacts | null;
  /** Throws `reader.tooLong` for more bytes than `most`. */
  readFile(file: { path: string[]; most: number }): { bytes: Uint8Array };
  /** Where the definition or the rows of an entry are; null when it has none. */
  fileOf(entry: { what: 'definition' | 'rows'; id: number }): string | null;
  /** Lines of definitions that hold a text, with the file they are in. */
  searchFiles(query: { text: string; matchCase: boolean; limit: number }): FileMatch[];
  /** What entries are, whatever their ids: to find them again in a changed file. */
  keysOf(ids: number[]): string[];
  /** Ids of the entries with these keys, as far as there are. */
  idsOf(keys: string[]): number[];
  /** Verifies the dump (or set); the result is kept as its evidence. Needs no `open`. */
  verify(level: 'checksum' | 'contents'): Verified;
  /** What is in a base backup; `wal` is the folder of its cluster's WAL archive. Needs no `open`. */
  baseContents(what: { wal: string | null }): BaseContents;
  /** As `verify`, of a base backup; with `builds` the server's own programs read its WAL. */
  verifyBase(what: { level: 'checksum' | 'contents'; builds: ClientBuild[] }): VerifiedBase;
  /** Writes what can be read to a new script or folder; throws `salvage.exists`. Needs no `open`. */
  salvage(what: { as: 'script' | 'files'; to: string }): Salvaged;
}

/** What the reader's thread tells by itself. */
export interface ReaderNews {
  opened(opened: Opened): void;
  /** It turned out that it cannot be opened, after `open` had answered. */
  failed(error: ErrorFacts): void;
  /** `task` is the call, with the entry it works for: `rows 12`, `count 12`, `open`. Null: it ended. */
  progress(progress: { task: string; fraction: number | null }): void;
  sizes(sizes: EntrySize[]): void;
}
