import type { CountOptions, ReadOptions } from '../archive';

/**
 * A comparison: two sides in, differences out. Left is what was, right is what is: `added` is on the right only,
 * `removed` on the left only. Nothing here changes a side.
 */

/** A dump file or folder. */
export interface ArtifactSide {
  kind: 'artifact';
  path: string;
  /** Of a whole-server script: the one database compared. Absent: all of the file. */
  database?: string;
}

/** A database as it is now, in one snapshot. */
export interface DatabaseSide {
  kind: 'database';
  /** Key into `Plan.connections`. */
  connection: string;
  database: string;
}

export type Side = ArtifactSide | DatabaseSide;

/** What is not looked at. */
export type Ignorable =
  'owners' | 'privileges' | 'comments' | 'tablespaces' | 'columnOrder' | 'whitespace' | 'statistics';

/** Values that are the same to one who asks so; bytes, dates and floats are always compared as the database would. */
export interface ValueRules {
  /** `value`: 1.0 is 1.00. Default `text`. */
  numeric?: 'text' | 'value';
  /** `value`: `{"a": 1}` is `{"a":1}` (`jsonb` has one spelling anyway). Default `text`. */
  json?: 'text' | 'value';
}

export interface CompareOptions {
  /** Absent: all. Patterns as psql's (`app.*`, `*.orders`). */
  schemas?: string[];
  tables?: string[];
  /** pg_dump's words: `TABLE`, `FUNCTION`, … Rows are of tables. */
  kinds?: string[];
  ignore?: Ignorable[];
  /** Rows, large objects and sequences too, not objects alone. */
  rows?: boolean;
  values?: ValueRules;
  /** Columns that tell the rows of a table (`app.orders`), where neither a primary key nor a unique index does. */
  keys?: Record<string, string[]>;
  /** Enough after so many differences of one table: more are counted, not kept. Default 1,000,000. */
  most?: number;
  /** Of a live side: bytes per second read at most; milliseconds a statement may take. */
  rate?: number;
  statementTimeout?: number;
}

export type Change = 'added' | 'removed' | 'changed';

/** What of an object differs. */
export type Aspect =
  | 'definition'
  | 'columns'
  | 'owner'
  | 'privileges'
  | 'comment'
  | 'labels'
  | 'tablespace'
  | 'accessMethod'
  /** The definition, and in nothing but a password or the like, which no text here shows. */
  | 'secret';

/** One object, or both of its sides where they differ. */
export interface ObjectDifference {
  /** `identityOf` of its main entry: the same on both sides. */
  key: string;
  /** pg_dump's word. */
  kind: string;
  schema: string | null;
  /** The tag, unquoted. */
  name: string;
  /** Of what belongs to a table (index, constraint, trigger, policy, rule, default): that table. */
  table: { schema: string | null; name: string } | null;
  change: Change;
  /** Of what changed. */
  aspects: Aspect[];
  /** What it reads like on each side, as SQL: definition, owner, privileges, comment; secrets are masked. Null where it is not. */
  left: string | null;
  right: string | null;
}

/** Spelling that majors do not share and that was made alike before comparing, so that it can be seen. */
export interface Normalised {
  /** The rule's name. */
  rule: string;
  /** What it made alike, a sentence. */
  text: string;
  /** Keys of the objects that would differ without it, the first hundred. */
  objects: string[];
  count: number;
}

export interface ObjectsCompared {
  differences: ObjectDifference[];
  /** Objects that are the same, by kind and schema. */
  same: { kind: string; schema: string | null; count: number }[];
  normalised: Normalised[];
}

/** One step of taking one side's objects to the other's. */
export interface ScriptStatement {
  /** One statement or several that belong together, with their semicolons. */
  sql: string;
  /** Keys of the differences it serves: it is needed when any of them is chosen. */
  objects: string[];
  /** It drops rows or values that nothing here keeps: why, a sentence. */
  losesData?: string;
  /** What to know about it, a sentence. */
  note?: string;
}

/** The objects of one side made those of the other, in an order that works. */
export interface DifferenceScript {
  statements: ScriptStatement[];
  /** What cannot be done safely, and is left to a person. */
  leftOut: { object: string; why: string; /** What would do it, without its secret. */ sql?: string }[];
}

/** One column of a compared table, of either side. */
export interface ComparedColumn {
  name: string;
  /** As the definition says, the right side's where both have it; null when neither tells. */
  type: string | null;
  left: boolean;
  right: boolean;
  /** One of those that tell the rows. */
  key: boolean;
  /** Rows in which it differs. */
  changed: number;
}

/**
 * `same` and `different` compared rows; `leftOnly` and `rightOnly` tables are not on the other side; `notCompared`
 * ones could not be read, or have no rows in a dump (`note` says why).
 */
export type TableState = 'same' | 'different' | 'leftOnly' | 'rightOnly' | 'notCompared';

export interface TableCompared {
  schema: string;
  name: string;
  /** In whole-server scripts. */
  database?: string;
  state: TableState;
  /** Columns that tell rows apart; empty: rows are compared as a multiset. */
  key: string[];
  keyFrom: 'primaryKey' | 'unique' | 'chosen' | 'none';
  columns: ComparedColumn[];
  /** Rows. Null where one side was not read. */
  added: number | null;
  removed: number | null;
  changed: number | null;
  same: number | null;
  /** Rows of each side, null where it was not read. */
  leftRows: number | null;
  rightRows: number | null;
  /** Differences kept in the file; less than there are where it was stopped early. */
  kept: number;
  /** Tables it refers to by foreign keys: `schema.name`. */
  refersTo: string[];
  /** Partitions that were read as one, where the sides are partitioned differently. */
  parts?: string[];
  /** Sentences: duplicate keys, why it was not compared, what was not kept. */
  notes: string[];
}

/** Value of a sequence: `setval` of a dump, the row of a live one. */
export interface SequenceValue {
  value: string;
  called: boolean;
}

export interface SequenceCompared {
  schema: string;
  name: string;
  change: Change;
  left: SequenceValue | null;
  right: SequenceValue | null;
}

export interface LargeObjectCompared {
  oid: number;
  change: Change;
  /** Bytes. */
  left: number | null;
  right: number | null;
}

/** What is known of a side. */
export interface SideFacts {
  kind: 'artifact' | 'database';
  /** Shown: the file's name, or `shop on production`. */
  title: string;
  /** Path of the artifact; null for a database. */
  path: string | null;
  /** Name and id of the connection; null for an artifact. */
  connection: string | null;
  connectionId: string | null;
  database: string | null;
  serverVersion: string | null;
  /** When it was as it is shown: the dump's time, or the moment of the snapshot; ISO 8601. */
  at: string | null;
  /** Bytes that were read of it. */
  bytes: number;
  encoding: string | null;
}

/** Damage that was met on the way: the rest was compared. */
export interface CompareFault {
  side: 'left' | 'right' | null;
  what: string;
  entry: string | null;
}

/** A comparison's summary; the differences of its rows lie beside it in the file. */
export interface Comparison {
  /** Nothing differs that was looked at, and everything that was asked for could be looked at. */
  equal: boolean;
  left: SideFacts;
  right: SideFacts;
  options: CompareOptions;
  objects: ObjectsCompared;
  /** What makes the right side's objects the left side's (`toLeft`: what was, again), and the other way round. */
  scripts: { toLeft: DifferenceScript; toRight: DifferenceScript };
  /** Empty unless rows were compared. In order of schema and name. */
  tables: TableCompared[];
  sequences: SequenceCompared[];
  largeObjects: { changed: LargeObjectCompared[]; same: number } | null;
  faults: CompareFault[];
  /** How it was made. */
  made: { at: string; durationMs: number; by: string; command: string | null };
}

/**
 * One difference of rows. Values stand in the order of `TableCompared.columns`, as COPY text prints them unescaped;
 * null for NULL, and where the side has no such column. Differences are sorted by key.
 */
export interface RowDifference {
  change: Change;
  left: (string | null)[] | null;
  right: (string | null)[] | null;
  /** Indexes of columns that differ; of `changed` only. */
  columns?: number[];
  /** Indexes of values that were cut, with their whole length in characters. */
  cut?: { left?: Record<number, number>; right?: Record<number, number> };
}

/** Which differences of a table are wanted; all that is given must fit. */
export interface DifferenceQuery {
  changes?: Change[];
  /** Index of a column that must differ (or have a value, of rows that are on one side only). */
  column?: number;
  /** Text some value must hold, without regard to case. */
  text?: string;
}

export interface DifferenceRange extends ReadOptions {
  /** First difference, from 0. */
  from?: number;
  limit?: number;
}

/** A comparison's file, open. Tables are told by their index in `summary.tables`. */
export interface OpenComparison extends AsyncDisposable {
  readonly path: string;
  readonly summary: Comparison;
  /** Kept differences in order, from any one on at the speed of seeking. */
  rows(table: number, range?: DifferenceRange): AsyncIterable<RowDifference>;
  /** Numbers (from 0, ascending) of the kept differences that fit. */
  find(table: number, query: DifferenceQuery, options?: CountOptions): Promise<Uint32Array>;
  /** Differences by their numbers, in the order asked for. */
  pick(table: number, numbers: Iterable<number>, options?: ReadOptions): AsyncIterable<RowDifference>;
  close(): Promise<void>;
}
