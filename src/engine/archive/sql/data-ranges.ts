/** Ranges one entry keeps at most: a million scattered INSERTs must not take a million of them. */
const MOST_RANGES = 4096;

/** Where the rows of one TABLE DATA entry lie in a script, as bytes of the unwrapped script. */
export interface ScriptData {
  /** `copy`: rows of COPY with their end line. `insert`: INSERT statements with their semicolons. */
  kind: 'copy' | 'insert';
  /** COPY blocks or INSERT statements. */
  statements: number;
  /** Rows; null where only a server can tell (INSERT … SELECT, CSV with line feeds in values). */
  rows: number | null;
  /** Ascending, apart from each other. Between the INSERTs of one range lie blanks and comments only, unless `mixed`. */
  ranges: readonly { from: number; to: number }[];
  /** Bytes of all ranges. */
  bytes: number;
  /**
   * The INSERTs were too scattered to keep each one's place: the ranges hold other statements too, and only those
   * that insert into this table count.
   */
  mixed: boolean;
  /** PostgreSQL's name of the encoding the rows are written in. */
  encoding: string;
  /** Backslashes escape in plain strings (`standard_conforming_strings` off). */
  escapes: boolean;
}

/** Collects `ScriptData` while a script is read. */
export class DataRanges implements ScriptData {
  statements = 0;
  rows: number | null = 0;
  ranges: { from: number; to: number }[] = [];
  mixed = false;
  readonly kind: ScriptData['kind'];
  readonly encoding: string;
  readonly escapes: boolean;
  /** Ranges with no more than this between them become one. */
  #tolerance = 0;

  constructor(kind: ScriptData['kind'], encoding: string, escapes: boolean) {
    this.kind = kind;
    this.encoding = encoding;
    this.escapes = escapes;
  }

  get bytes(): number {
    let bytes = 0;
    for (const { from, to } of this.ranges) bytes += to - from;
    return bytes;
  }

  /** Adds a block or statement behind all others; `joined` when nothing but blanks and comments lies before it. */
  add(from: number, to: number, rows: number | null, joined: boolean): void {
    this.statements++;
    this.rows = rows === null || this.rows === null ? null : this.rows + rows;
    const last = this.ranges.at(-1);
    if (last && (joined || from - last.to < this.#tolerance)) {
      if (!joined) this.mixed = true;
      last.to = to;
      return;
    }
    this.ranges.push({ from, to });
    if (this.ranges.length > MOST_RANGES) this.#thin();
  }

  /** Joins the ranges that lie closest until half of them are left. COPY blocks stay apart: they are large. */
  #thin(): void {
    if (this.kind === 'copy') return;
    const gaps = this.ranges.slice(1).map((range, i) => range.from - this.ranges[i]!.to);
    this.#tolerance = gaps.sort((a, b) => a - b)[gaps.length >> 1]! + 1;
    const kept: { from: number; to: number }[] = [];
    for (const range of this.ranges) {
      const last = kept.at(-1);
      if (last && range.from - last.to < this.#tolerance) last.to = range.to;
      else kept.push(range);
    }
    this.ranges = kept;
    this.mixed = true;
  }
}
