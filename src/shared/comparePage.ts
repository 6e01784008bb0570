import type {
  Comparison,
  DifferenceQuery,
  Direction,
  ObjectDifference,
  RowDifference,
} from '../engine/compare';

export type { Change, DifferenceQuery, Direction, RowDifference, TableCompared } from '../engine/compare';

/** An object that differs, without its texts: the host has them. */
export type ShownObject = Omit<ObjectDifference, 'left' | 'right'>;

/** A comparison as its page shows it. */
export interface ComparisonView extends Pick<
  Comparison,
  'equal' | 'left' | 'right' | 'tables' | 'sequences' | 'largeObjects' | 'faults' | 'made' | 'options'
> {
  objects: ShownObject[];
  same: Comparison['objects']['same'];
  normalised: Comparison['objects']['normalised'];
  /** Objects a script cannot make, by key, with the reason. */
  leftOut: Record<string, string>;
  /** When each side was as it is shown, and how it is read: `backup · yesterday 14:02`. */
  about: { left: string; right: string };
  /** `took 4.1 s · read 1.9 GB` */
  effort: string;
}

/** What the page gets at first; the lists come in pieces, so that nobody is kept busy by one message. */
export interface ComparisonHead extends Omit<ComparisonView, 'objects' | 'tables'> {
  counts: { objects: number; tables: number };
}

/** Rows of one table, as they are ticked. */
export interface TickedRows {
  table: number;
  /** All that fit a filter, or some by their numbers. */
  rows: DifferenceQuery | number[];
}

/** A comparison that is being made. */
export interface RunningView {
  /** What is compared with what. */
  title: string;
  /** 0 … 1; null while nobody can tell. */
  fraction: number | null;
  /** `Comparing app.orders · 2 min left` */
  what: string;
}

/** What the page calls. */
export interface CompareHost {
  /** Either the comparison, or how far the job is that makes it. */
  ready(nothing: null): {
    view: ComparisonHead | null;
    running: RunningView | null;
    texts: CompareTexts;
    locale: string;
  };
  /** A piece of the objects or tables, from the n-th on. */
  objects(from: number): ShownObject[];
  tables(from: number): ComparisonView['tables'];
  /** Ends the job that makes it. */
  cancel(nothing: null): void;
  /** Differences of a table that fit, from the n-th that fits on; `total` of these. `at` is a difference's number. */
  rows(page: { table: number; query: DifferenceQuery; from: number; count: number }): {
    rows: { at: number; row: RowDifference }[];
    total: number;
  };
  /** Opens an object's two sides in the diff editor. */
  openObject(key: string): void;
  openAllObjects(nothing: null): void;
  /** Opens both values of a cell in the diff editor. */
  openValue(cell: { table: number; at: number; column: number }): void;
  /** Opens SQL that takes rows and objects to one side. */
  take(what: { rows: TickedRows[]; objects: string[]; direction: Direction }): void;
  /** Writes differences of a table to a file. */
  exportRows(what: TickedRows): void;
  /** The same comparison once more. */
  again(nothing: null): void;
  /** Asks what tells the rows of a table that has no key, and compares again by it. */
  chooseKey(table: number): void;
}

/** What the host tells by itself, while the comparison is being made. */
export interface ComparePage {
  progress(view: RunningView): void;
  /** The comparison is there, or will never be: `ready` tells. */
  ended(nothing: null): void;
}

export interface CompareTexts {
  title: string;
  equal: string;
  differs: string;
  again: string;
  more: string;
  chooseKey: string;
  running: string;
  cancel: string;
  summary: string;
  objects: string;
  rowsOf: string;
  views: string;
  changes: Record<'added' | 'removed' | 'changed', string>;
  aspects: Record<string, string>;
  states: Record<'same' | 'different' | 'leftOnly' | 'rightOnly' | 'notCompared', string>;
  table: string;
  whatDiffers: string;
  sameRows: string;
  tablesThatDiffer: string;
  sameTables: string;
  sameObjects: string;
  objectsThatDiffer: string;
  sequences: string;
  largeObjects: string;
  faults: string;
  spelling: string;
  rowsNotAsked: string;
  openDifference: string;
  openAll: string;
  filter: string;
  all: string;
  find: string;
  everyColumn: string;
  inLine: string;
  sideBySide: string;
  previous: string;
  next: string;
  place: string;
  noneFits: string;
  tick: string;
  tickAll: string;
  ticked: string;
  takeBack: string;
  takeOver: string;
  takeBackHint: string;
  takeOverHint: string;
  export: string;
  loading: string;
  nullValue: string;
  cut: string;
  key: string;
  onLeft: string;
  onRight: string;
}
