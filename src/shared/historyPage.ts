/** One backup of a database, as the history page shows it. */
export interface HistoryRow {
  path: string;
  /** `Today 14:02` */
  when: string;
  /** Milliseconds since 1970. */
  at: number;
  bytes: number;
  size: string;
  /** Of all tables; null where nobody counted. */
  rows: number | null;
  /** The last verification found damage. */
  damaged: boolean;
  /** It was chosen what of the database is in it. */
  part: boolean;
  /** What looked wrong, sentences; mild ones are not told. */
  suspicions: string[];
}

export interface HistoryView {
  /** The database. */
  title: string;
  /** Oldest first. */
  points: HistoryRow[];
  /** `schema.name` of every table that any backup counted. */
  tables: string[];
}

/** What one backup has of a row or an object that is looked for. */
export interface FoundIn {
  path: string;
  /** `Today 14:02` */
  when: string;
  part: boolean;
  state: 'found' | 'absent' | 'noTable' | 'unreadable';
  changed: boolean;
  /** `id=1 · name=x`, what of an object changed, or why it could not be read. */
  text: string;
}

export interface Found {
  /** First and last backup that have it, and how often it changed, a sentence. */
  span: string;
  /** Every backup, oldest first. */
  backups: FoundIn[];
}

/** An object that some backup holds. */
export interface ObjectLine {
  key: string;
  kind: string;
  /** With its schema. */
  name: string;
}

export interface ObjectLines {
  /** The first ones that fit. */
  objects: ObjectLine[];
  /** How many fit. */
  total: number;
  /** Backups that could not be read, each with the reason. */
  unread: string[];
}

/** What the page calls. */
export interface HistoryHost {
  ready(nothing: null): { view: HistoryView; texts: HistoryTexts; locale: string };
  /** Rows of a table in each backup; null where nobody counted, -1 where it is not there. */
  table(name: string): (number | null)[];
  /** Decodes backups and counts their rows, one after the other; what was counted comes by `changed`. */
  count(paths: string[]): void;
  /** Looks into every backup, oldest first; `condition` is `column=value`, several parted by commas. */
  find(what: { table: string; condition: string }): Found;
  /** Objects of all backups whose kind or name holds a text; the first time it reads every backup's contents. */
  objects(filter: string): ObjectLines;
  /** An object, by its key, in every backup. */
  object(key: string): Found;
  /** Opens an object's definitions in two backups side by side. */
  diff(two: { key: string; left: string; right: string }): void;
  compare(two: { left: string; right: string }): void;
  open(path: string): void;
}

/** How many backups' contents were read. */
export interface HistoryReading {
  done: number;
  total: number;
}

/** What the page hears. */
export interface HistoryPage {
  /** A backup came, went or was counted. */
  changed(view: HistoryView): void;
  reading(progress: HistoryReading): void;
}

export interface HistoryTexts {
  backups: string;
  chart: string;
  showRows: string;
  showSize: string;
  allTables: string;
  table: string;
  when: string;
  size: string;
  rows: string;
  change: string;
  notCounted: string;
  countNow: string;
  countAll: string;
  counting: string;
  damaged: string;
  part: string;
  notThere: string;
  wrong: string;
  compareTwo: string;
  compareHint: string;
  open: string;
  findRow: string;
  condition: string;
  find: string;
  finding: string;
  object: string;
  listObjects: string;
  filterObjects: string;
  moreObjects: string;
  noObjects: string;
  reading: string;
  showChange: string;
  cancel: string;
  states: Record<FoundIn['state'], string>;
  changed: string;
  one: string;
  none: string;
}
