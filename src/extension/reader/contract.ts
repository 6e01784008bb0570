import type { Contents, KnownRows, Limits, LargeObject, RowQuery } from '../../engine/archive';
import type {
  Column,
  Definition,
  Dependencies,
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
}

/** A value as far as it was asked for. */
export interface ValueText {
  /** Null is NULL. */
  text: string | null;
  /** There is more of it. */
  cut: boolean;
}

/** Something known of entries by now. */
export interface EntrySize {
  id: number;
  bytes?: number;
  rows?: number;
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
  locate(nothing: null): void;
  search(search: { id: number; query: RowQuery; from: number; limit: number }): {
    found: FoundRow[];
    next: number | null;
  };
  value(cell: { id: number; row: number; column: number; most: number }): ValueText;
  largeObjects(piece: { from: number; count: number }): { objects: LargeObject[]; total: number | null };
  /** The beginning of a large object. */
  largeObjectHead(head: { oid: number; most: number }): { bytes: Uint8Array; whole: boolean };
  /** Writes a large object to a file that appears when it is whole. */
  saveLargeObject(what: { oid: number; path: string }): void;
  /** What entries are, whatever their ids: to find them again in a changed file. */
  keysOf(ids: number[]): string[];
  /** Ids of the entries with these keys, as far as there are. */
  idsOf(keys: string[]): number[];
}

/** What the reader's thread tells by itself. */
export interface ReaderNews {
  opened(opened: Opened): void;
  /** `task` is the call, with the entry it works for: `rows 12`, `count 12`, `open`. Null: it ended. */
  progress(progress: { task: string; fraction: number | null }): void;
  sizes(sizes: EntrySize[]): void;
}
