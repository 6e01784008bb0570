import type { Compression } from '../tools/types';

/** The dump formats this folder reads. */
export type DumpFormat = 'custom' | 'directory' | 'tar' | 'plain';

/** What lies around the whole file and has to be taken off before the dump begins. */
export type WrapperName = 'gzip' | 'lz4' | 'zstd' | 'utf16';

/** What a path is, found from its content alone. */
export interface Identity {
  /** As in `Recognised` of the artifacts, without what only a manifest can tell. */
  kind: 'archive' | 'script' | 'clusterScript' | 'unknown' | 'broken';
  format: DumpFormat | null;
  wrapper: WrapperName | null;
  /** Why it is `unknown` or `broken`, a sentence. */
  reason?: string;
  /** Facts of the archive header, for archives. */
  header?: Header;
  /** Where it lies, when it lies inside of tar or zip files: what was opened in them, the outermost first. */
  inside?: string[];
}

export type Section = 'none' | 'pre-data' | 'data' | 'post-data';

/** The fixed head of a custom archive or of a `toc.dat`. */
export interface Header {
  /** `[1, 16]`. */
  version: [number, number];
  intSize: number;
  offsetSize: number;
  /** 1 custom, 3 tar or directory. */
  formatByte: number;
  compression: Compression;
  /** Wall-clock time of the machine that dumped, ISO 8601 without a zone; null in the oldest archives. */
  createdAt: string | null;
  database: string | null;
  serverVersion: string | null;
  toolVersion: string | null;
}

/** One object, or the rows of one table. */
export interface Entry {
  /** The dump id; in plain scripts the position in the script, from 1. */
  id: number;
  /** pg_dump's word: `TABLE`, `TABLE DATA`, `FK CONSTRAINT`, … */
  kind: string;
  schema: string | null;
  /** pg_dump's tag, unquoted: it may hold anything, blanks and newlines too. */
  name: string;
  owner: string | null;
  section: Section;
  /** SQL that creates it, empty where there is none. */
  definition: string;
  dropStatement: string;
  /** `COPY … FROM stdin;`, empty in INSERT-style dumps and for all that has no rows. */
  copyStatement: string;
  /** Ids of entries it needs; they may name entries that are not in the dump. */
  dependencies: number[];
  /** Whether the dump holds rows or large objects for it. */
  hasData: boolean;
  /** Size of its data as stored (compressed), null when not known without reading everything. */
  bytes: number | null;
  tablespace?: string;
  accessMethod?: string;
  /** In cluster scripts: the database it belongs to. */
  database?: string;
  /** In scripts made with `-v`: the dump id it had, which is not its `id` here. */
  dumpId?: number;
  /** In scripts made with `-v`: the object's OID. */
  oid?: number;
  /** Dependencies were found from the statements, where a script does not tell all: the obvious ones only. */
  derived?: true;
}

/** A psql command in a script. */
export interface MetaCommand {
  /** Counts from 1. */
  line: number;
  /** The command with its arguments, shortened. */
  text: string;
  /** Written by pg_dump or pg_dumpall themselves (`\restrict`, `\unrestrict`, `\connect`, `\encoding`): harmless. */
  own: boolean;
}

/** Damage, at a place. */
export interface Fault {
  what: string;
  /** `TABLE DATA public orders`; null when it belongs to none. */
  entry: string | null;
  /** Byte in the file (in the unwrapped stream, where there is a wrapper); null when not known. */
  offset: number | null;
}

export interface Contents {
  format: DumpFormat;
  /** `cluster` for pg_dumpall's scripts. */
  scope: 'database' | 'cluster';
  archiveVersion: [number, number] | null;
  compression: Compression;
  wrapper: WrapperName | null;
  /** As in `Identity`: `['backup.tar', 'shop/']` for a folder in a tar file in a zip file. */
  inside?: string[];
  source: { database: string | null; serverVersion: string | null; toolVersion: string | null };
  /** ISO 8601, without a zone where the dump does not tell it; null when unknown. */
  createdAt: string | null;
  entries: Entry[];
  /** All psql commands of a script, pg_dump's own ones too (`own`). */
  metaCommands: MetaCommand[];
  /** What of the contents could not be read; the entries around it are there. */
  faults: Fault[];
  /** Entries that could not be read, where the table of contents is damaged and tells their number. */
  lostEntries?: number;
}

/** Exact rows of one table, as decoded. */
export interface CountedTable {
  schema: string;
  name: string;
  rows: number;
}

export interface Counted {
  tables: CountedTable[];
  /** Large objects met. */
  largeObjects: number;
  faults: Fault[];
}

export interface ReadOptions {
  signal?: AbortSignal;
}

export interface StreamOptions extends ReadOptions {
  /** Who asks keeps nothing: a piece may be overwritten or freed when the next is asked for, and nothing is kept for others. */
  passing?: boolean;
}

export interface CountOptions extends ReadOptions {
  /** 0 … 1 of the bytes. */
  onProgress?: (fraction: number) => void;
}

/** What reading may use, whatever a file claims. */
export interface Limits {
  /** Bytes of memory for contents, pages and indexes of one open dump. */
  memory: number;
  /** Bytes of a temporary file that keeps what was decoded, so that going back is instant. */
  disk: number;
  /** A value longer than this (in characters) is cut in rows; `value` gives it whole. */
  value: number;
}

export interface OpenOptions extends ReadOptions {
  /** 0 … 1 of what must be read to know the contents; little for archives, all of a script. */
  onProgress?: (fraction: number) => void;
  /** Entries as they are found, in pieces, for those who show them before all are known. */
  onEntries?: (entries: Entry[]) => void;
  limits?: Partial<Limits>;
}

/** One column of a table's rows, in the order of the rows. */
export interface Column {
  name: string;
  /** As the definition says: `character varying(40)`; null when the dump does not tell. */
  type: string | null;
  notNull: boolean;
  /** Part of the primary key. */
  key: boolean;
}

/** One row; values as COPY would print them, after unescaping. Bytes that do not decode are U+DC80 … U+DCFF. */
export interface Row {
  /** Counts from 0 within its table. */
  at: number;
  values: (string | null)[];
  /** Indexes of values that were cut, with their whole length in characters. */
  cut?: Record<number, number>;
  /** Indexes of columns written as DEFAULT in INSERT-style data; their value is null. */
  defaults?: number[];
}

export interface RowRange extends ReadOptions {
  /** First row, from 0. */
  from?: number;
  /** Rows at most. */
  limit?: number;
  onProgress?: (fraction: number) => void;
}

/** How far a table's rows are known without reading more. */
export interface KnownRows {
  /** Rows met so far. */
  rows: number;
  /** Whether that is all of them. */
  complete: boolean;
  /** A guess of all from the part that was read; equals `rows` when complete, null before anything was read. */
  estimate: number | null;
}

/** What to look for in rows. */
export interface RowQuery {
  text: string;
  regex?: boolean;
  matchCase?: boolean;
  /** The value as a whole. */
  wholeValue?: boolean;
  /** Index of the only column to look at. */
  column?: number;
}

export interface FoundRow {
  row: Row;
  /** Indexes of the columns that fit. */
  columns: number[];
}

/**
 * How rows are written: `csv` as COPY … WITH (FORMAT csv, HEADER) does (NULL is nothing, an empty value is `""`),
 * `tsv` as COPY text, `jsonl` one JSON object per line, `inserts` SQL statements.
 */
export type ExportFormat = 'csv' | 'tsv' | 'jsonl' | 'inserts' | RestoringFormat;

/**
 * SQL that brings rows back into a table that has some: `inserts-missing` leaves those that are there, `upserts` writes over
 * them, `updates` changes only those that are there. Rows are told by the primary key.
 */
export type RestoringFormat = 'inserts-missing' | 'upserts' | 'updates';

/** `cells`: as spreadsheets copy and paste, where NULL is an empty cell; for the clipboard, not for files. */
export type RowsFormat = ExportFormat | 'cells';

export interface ExportOptions extends CountOptions {
  format: RowsFormat;
  /** Only the rows that fit. */
  query?: RowQuery;
  /** Only these rows: a stretch, or numbers. */
  rows?: { from: number; count: number } | number[];
  /** Only these columns, by their indexes in ascending order. */
  columns?: number[];
  /** The table INSERT statements name; absent: the entry's own. */
  into?: { schema: string | null; name: string };
  /**
   * A first line with the names of the columns: by itself for `csv`, when asked for for `tsv` and `cells`. Settings before the
   * statements: by itself for `inserts`.
   */
  header?: boolean;
  /** Called after each piece with the rows written so far. */
  onRows?: (rows: number) => void;
}

export interface LargeObject {
  /** Unsigned. */
  oid: number;
  /** Bytes of its content; null when not known without reading it. */
  bytes: number | null;
  owner: string | null;
  comment: string | null;
}

/**
 * Decoded bytes of one entry's data: COPY text with its end line, INSERT statements. Positions are of
 * the decoded bytes.
 */
export interface DataStream {
  /** Decoded bytes in all, null when only the end will tell. */
  readonly size: number | null;
  /** Bytes as stored (compressed); null when not known. */
  readonly stored: number | null;
  /** Bytes as stored that lie before a decoded position, roughly: for progress and estimates. */
  storedBefore(position: number): number;
  /**
   * Reads on from a position. As fast as the storage allows: by seeking where the data is not compressed, from
   * a checkpoint or from what was kept on disk where it is; else everything before is decoded once more.
   * Ends at the end of the data; damage is thrown as `DamageError` after all that came before it.
   */
  read(from: number, options?: StreamOptions): AsyncIterable<Buffer>;
}

/**
 * An open dump. All methods may be called side by side; every one that reads takes an AbortSignal. After
 * `close` they throw. Errors: `archive.noEntry`, `archive.noData` for entries without rows, `DamageError`
 * (`archive.damaged`) for what cannot be read, after everything before it was given out.
 */
export interface Archive extends AsyncDisposable {
  readonly path: string;
  /** Header facts, entries, psql commands and faults; `contents.entries` is what `entries()` gives. */
  readonly contents: Contents;
  entries(): AsyncIterable<Entry>;
  entry(id: number): Entry;
  /** Whether sizes and positions of the data still have to be found by walking the file (`locate`). */
  readonly unlocated: boolean;
  /** Finds every data block where the dump does not say; fills `bytes` of the entries. Remembered by file identity. */
  locate(options?: CountOptions): Promise<void>;
  /** Decoded data of an entry that has rows. */
  data(id: number): DataStream;
  columns(id: number): Column[];
  rows(id: number, range?: RowRange): AsyncIterable<Row>;
  /** One value, whole, in pieces; null for NULL. */
  value(
    id: number,
    row: number,
    column: number,
    options?: ReadOptions,
  ): Promise<AsyncIterable<string> | null>;
  known(id: number): KnownRows;
  /** Exact rows of a table, reading it to its end if that was not done yet. */
  count(id: number, options?: CountOptions): Promise<number>;
  /** Rows that fit, from a row on; at most `limit` of them. */
  search(id: number, query: RowQuery, range?: RowRange): AsyncIterable<FoundRow>;
  /** Rows as a file's bytes, in UTF-8; bytes that do not decode are written as they are. */
  exportRows(id: number, options: ExportOptions): AsyncIterable<Buffer>;
  largeObjects(options?: CountOptions): AsyncIterable<LargeObject>;
  /** Content of a large object. */
  largeObject(oid: number, options?: ReadOptions): AsyncIterable<Buffer>;
  close(): Promise<void>;
}

/** Other names for what a dump holds, by the old ones. */
export interface Renames {
  schemas?: Record<string, string>;
  /** By schema: tables, sequences, indexes, constraints. */
  relations?: Record<string, Record<string, string>>;
  roles?: Record<string, string>;
  tablespaces?: Record<string, string>;
}

/** Parts of a dump as SQL for psql. */
export interface EmitOptions extends CountOptions {
  /** Ids of entries; absent: all. */
  entries?: readonly number[];
  renames?: Renames;
  /** Statements before and behind everything else, each with its semicolon. */
  before?: readonly string[];
  after?: readonly string[];
  /** Default true. */
  owners?: boolean;
  /** Default true. */
  tablespaces?: boolean;
  /** Settings that functions and procedures are made without. */
  withoutSettings?: readonly string[];
  /** Whether the server knows a setting; absent: it knows all. */
  knows?: (setting: string) => boolean;
}

/** What became of a table's rows. */
export interface SalvagedTable {
  /** Null for rows whose entry is lost: nobody knows what table they are of. */
  schema: string | null;
  name: string | null;
  /** Id of the entry its rows belong to. */
  id: number;
  /** `partial`: the rows before the damage; `lost`: none. */
  state: 'whole' | 'partial' | 'lost';
  /** Rows that were written. */
  rows: number;
  /** Why not all; null for whole tables. */
  fault: Fault | null;
  /** File its rows were written to, relative to the target's folder; null in scripts. */
  file: string | null;
}

export interface SalvageReport {
  /** What was written: the script or the folder, and the folder of rows without a table. */
  files: string[];
  tables: SalvagedTable[];
  definitions: {
    /** Statements of readable entries that were written. */
    written: number;
    /** Entries that could not be read; null when their number is not known. */
    lost: number | null;
  };
  /** OIDs of large objects. Only whole ones are written. */
  largeObjects: { whole: number; lost: number[] };
  /** All damage that was met, with its place. */
  faults: Fault[];
}

export interface SalvageOptions extends CountOptions {
  /** `script` (the default): SQL for psql; `files`: a folder with definitions and one file for each table. */
  as?: 'script' | 'files';
}
