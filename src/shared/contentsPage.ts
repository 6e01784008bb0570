import type {
  Column,
  Entry,
  ExportFormat,
  Fault,
  FoundRow,
  KnownRows,
  LargeObject,
  MetaCommand,
  Row,
  RowQuery,
  RowsFormat,
  Section,
} from '../engine/archive';
import type { ErrorFacts } from '../engine/errors';
import type { ContentsTexts } from './contentsTexts';

export type {
  Column,
  ExportFormat,
  Fault,
  FoundRow,
  KnownRows,
  LargeObject,
  MetaCommand,
  Row,
  RowQuery,
  Section,
};

/** Facts above the contents, worded and formatted by the host; names and values are plain text. */
export interface ContentsHead {
  /** `shop_dev`, or the file's name where the dump does not tell. */
  title: string;
  /** `from shop`, `PostgreSQL 15.18`, `pg_dump 17.11`, `today 14:02`, `custom, zstd`, `80 MB`. */
  facts: { label: string; value: string; title?: string }[];
  /** Null for what is no dump. */
  evidence: { kind: 'good' | 'bad' | 'none'; text: string; title?: string } | null;
  warnings: {
    kind: 'error' | 'warning' | 'info';
    text: string;
    details: string[];
    /** What to do about it, a call of `act`. */
    action?: { id: ContentsAction; label: string };
  }[];
  actions: { id: ContentsAction; label: string; primary?: boolean; title?: string }[];
  /** Whether the listing is complete; while a script is still read it grows. */
  complete: boolean;
  entries: number;
  /** Bytes of data are not known yet: the dump does not say where its blocks are. */
  unlocated: boolean;
  /** Damage was met when it was opened or verified. */
  damaged: boolean;
}

export type ContentsAction =
  | 'restore'
  | 'compare'
  | 'verifyChecksum'
  | 'verifyContents'
  | 'locate'
  | 'countAll'
  | 'salvage'
  | 'openAsText'
  | 'openFolder'
  | 'reveal'
  | 'refresh'
  | 'openSetting';

/** Why there is nothing to show, and what can be done: the page shows it in place of the contents. */
export interface ContentsProblem extends ErrorFacts {
  actions: ContentsHead['actions'];
}

/**
 * A piece of the contents, as columns: a hundred thousand entries travel in pieces of some thousand. Indexes point into
 * the lists of words, which grow from piece to piece: `words` are those first met in this piece, to be put behind those
 * before. The first piece brings '' as the first of schemas, owners and databases.
 */
export interface ListingPiece {
  from: number;
  ids: number[];
  kinds: number[];
  schemas: number[];
  owners: number[];
  sections: number[];
  names: string[];
  /** Data as stored; -1 for entries without data, -2 when not known. */
  bytes: number[];
  /** Rows; -1 when not known. */
  rows: number[];
  databases: number[];
  /** Words that were not in an earlier piece. */
  words: { kinds: string[]; schemas: string[]; owners: string[]; databases: string[] };
}

export interface Definition {
  entry: Pick<Entry, 'id' | 'kind' | 'schema' | 'name' | 'owner' | 'section' | 'tablespace' | 'accessMethod'>;
  /** Cut at some hundred kilobytes; `cut` is the whole length then. */
  sql: string;
  cut?: number;
  dropStatement: string;
  copyStatement: string;
}

/** Ids of entries; `missing` are ids the dump names but does not hold. */
export interface Dependencies {
  needs: number[];
  neededBy: number[];
  missing: number[];
}

export interface RowsPage {
  from: number;
  rows: Row[];
  known: KnownRows;
  /** The table ends behind these rows. */
  end: boolean;
  /** Damage met behind these rows. */
  fault: string | null;
}

/** Rows and columns to put on the clipboard. Values are copied whole, also those the page only has cut. */
export interface CopiedRows {
  id: number;
  /** Rows in one piece, or by their numbers in ascending order. */
  rows: { from: number; count: number } | number[];
  /** Indexes in the order of the table. */
  columns: number[];
  /**
   * `json` is an array of objects (of one row: the object), `jsonl` one object a line; `text` is for one cell: its
   * bare value, nothing for NULL.
   */
  format: RowsFormat | 'json' | 'text';
  /** A first line of column names, for csv, tsv and cells. */
  headers: boolean;
}

/** How a table's grid was left, kept by the host under the table's name. */
export interface GridLayout {
  /** Pixels by column name, of those the person set. */
  widths: Record<string, number>;
}

/** Work the page started and can cancel by its call's signal; progress comes by `ContentsPage.progress`. */
export interface ContentsHost {
  ready(nothing: null): {
    head: ContentsHead;
    texts: ContentsTexts;
    locale: string;
    ticked: number[];
    /** The file is no dump, or cannot be read: the head tells the file, and there is no listing. */
    problem: ContentsProblem | null;
  };
  listing(piece: { from: number; count: number }): ListingPiece;
  /** Ids of entries whose definition holds the text, in order. */
  findInDefinitions(query: { text: string }): number[];
  definition(id: number): Definition;
  dependencies(id: number): Dependencies;
  /** What the given entries need beyond themselves, directly and indirectly, in restore order. */
  closure(ids: number[]): { needs: number[]; missing: number[] };
  columns(id: number): Column[];
  rows(page: { id: number; from: number; count: number }): RowsPage;
  count(id: number): number;
  /** Up to `limit` rows that fit, from a row on; `next` is where to go on, null at the end. */
  search(search: { id: number; query: RowQuery; from: number; limit: number }): {
    found: FoundRow[];
    next: number | null;
  };
  /** Asks for a file and writes the table or, with a query, the rows that fit. False when the person gave up. */
  exportRows(what: { id: number; format: ExportFormat; query?: RowQuery }): boolean;
  /** Copies rows as text, up to a bound: `complete` is false when not all that was asked for fits. */
  copyRows(what: CopiedRows): { rows: number; complete: boolean };
  gridLayout(id: number): GridLayout | null;
  keepGridLayout(kept: { id: number; layout: GridLayout }): void;
  /** Opens a value beside the page, as JSON where it is. */
  openValue(cell: { id: number; row: number; column: number }): void;
  openDefinition(id: number): void;
  /** Opens the table as a CSV document. */
  openRows(id: number): void;
  largeObjects(piece: { from: number; count: number }): { objects: LargeObject[]; total: number | null };
  saveLargeObject(oid: number): boolean;
  /** Content for a picture or text in the page, when it is one and small enough. */
  previewLargeObject(oid: number): { kind: 'image' | 'text' | 'binary'; mime: string; bytes: Uint8Array };
  /** Opens the restore page with these entries picked. */
  restoreTicked(ids: number[]): void;
  /** Opens SQL that brings rows back, to be read and run. */
  restoreRows(what: Pick<CopiedRows, 'id' | 'rows'>): void;
  /** All ticked entries, in no order: kept by the host for other pages and for the next time. */
  tick(ids: number[]): void;
  act(action: ContentsAction): void;
  copy(text: string): void;
}

export interface ContentsPage {
  /** Facts changed: verified, located, counted, more entries found. */
  head(head: ContentsHead): void;
  /** Bytes or rows of entries became known. */
  sizes(sizes: { id: number; bytes?: number; rows?: number }[]): void;
  /**
   * 0 … 1, null when it ended. `task` is the call and the entry it works for: `rows 12`, `count 12`, `search 12`,
   * `exportRows 12`, `copyRows 12`; told when a call takes longer than a blink.
   */
  progress(progress: { task: string; fraction: number | null; text: string }): void;
  /** Select an entry and show it. */
  reveal(target: { id: number; tab?: 'rows' | 'definition' | 'dependencies' }): void;
  /** Reading ended, by a crash or for want of memory: everything on the page is out of date. */
  failed(problem: ContentsProblem): void;
}
