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
  source: { database: string | null; serverVersion: string | null; toolVersion: string | null };
  /** ISO 8601, without a zone where the dump does not tell it; null when unknown. */
  createdAt: string | null;
  entries: Entry[];
  /** All psql commands of a script, pg_dump's own ones too (`own`). */
  metaCommands: MetaCommand[];
  /** What of the contents could not be read; the entries before it are there. */
  faults: Fault[];
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

export interface CountOptions extends ReadOptions {
  /** 0 … 1 of the bytes. */
  onProgress?: (fraction: number) => void;
}
