import type { CopyRows } from '../rows/columns';
import type { TableName } from './insert-targets';

/** Ranges one entry keeps at most: a million scattered INSERTs must not take a million of them. */
const MOST_RANGES = 4096;

/** A stretch of a script with rows of one entry. */
export interface ScriptRange {
  from: number;
  to: number;
  /** Bytes of the entry's own statements, with a semicolon each; of COPY blocks all, decoded where they have to be. */
  own: number;
  /**
   * Not given out as it is: other things lie between the statements, not only blanks and comments (`OwnStatements` reads
   * such a range), or the rows have to be decoded.
   */
  mixed: boolean;
}

/** Bytes of rows a range gives out. */
export const sizeOf = ({ from, to, own, mixed }: ScriptRange): number => (mixed ? own : to - from);

/** Where the rows of one TABLE DATA entry lie in a script, as bytes of the unwrapped script. */
export interface ScriptData {
  /** `copy`: rows of COPY with their end line. `insert`: INSERT statements with their semicolons. */
  kind: 'copy' | 'insert';
  /** The table as the statements name it. */
  target: TableName;
  /** COPY blocks or INSERT statements. */
  statements: number;
  /** COPY rows written by other options: given out as COPY text. */
  decoding: CopyRows['decoding'];
  /** Rows; null where only a server can tell (INSERT … SELECT). */
  rows: number | null;
  /** Ascending. Mixed ones may reach into one another. */
  ranges: readonly ScriptRange[];
  /** Bytes of all ranges, of mixed ones only the entry's own. */
  bytes: number;
  /** PostgreSQL's name of the encoding the rows are written in. */
  encoding: string;
  /** Backslashes escape in plain strings (`standard_conforming_strings` off). */
  escapes: boolean;
}

/** Collects `ScriptData` while a script is read. */
export class DataRanges implements ScriptData {
  statements = 0;
  rows: number | null = 0;
  ranges: ScriptRange[] = [];
  readonly kind: ScriptData['kind'];
  readonly target: TableName;
  readonly encoding: string;
  readonly escapes: boolean;
  readonly decoding: CopyRows['decoding'];
  /** Stretches that were told apart and lie in the last range, and how many are to lie in one. */
  #inLast = 0;
  #perRange = 1;

  constructor(
    kind: ScriptData['kind'],
    target: TableName,
    { encoding, escapes }: Pick<ScriptData, 'encoding' | 'escapes'>,
    decoding: CopyRows['decoding'] = null,
  ) {
    this.kind = kind;
    this.target = target;
    this.encoding = decoding?.options.encoding ?? encoding;
    this.escapes = escapes;
    this.decoding = decoding;
  }

  get bytes(): number {
    let bytes = 0;
    for (const range of this.ranges) bytes += sizeOf(range);
    return bytes;
  }

  /** A COPY block, behind all others. They stay apart, however many there are: they are large. */
  addCopy(from: number, to: number, rows: number, decoded?: number): void {
    this.statements++;
    this.rows = this.rows === null ? null : this.rows + rows;
    this.ranges.push({ from, to, own: decoded ?? to - from, mixed: decoded !== undefined });
  }

  /** An INSERT behind all others. `joined`: nothing but blanks and comments lies before it. */
  addInsert(range: ScriptRange, rows: number | null, joined: boolean): void {
    this.statements++;
    this.rows = rows === null || this.rows === null ? null : this.rows + rows;
    const last = this.ranges.at(-1);
    if (last && joined && !range.mixed) {
      last.own += range.own;
      last.to = range.to;
      return;
    }
    if (last && this.#inLast < this.#perRange) {
      this.ranges[this.ranges.length - 1] = together(last, range);
      this.#inLast++;
      return;
    }
    this.ranges.push(range);
    this.#inLast = 1;
    if (this.ranges.length > MOST_RANGES) this.#thin();
  }

  /** Makes one range of every two. */
  #thin(): void {
    const kept: ScriptRange[] = [];
    for (let i = 0; i < this.ranges.length; i += 2) {
      const second = this.ranges[i + 1];
      kept.push(second ? together(this.ranges[i]!, second) : this.ranges[i]!);
    }
    this.ranges = kept;
    this.#perRange *= 2;
    // There was an odd number of them: the last one stands alone.
  }
}

function together(a: ScriptRange, b: ScriptRange): ScriptRange {
  return { from: Math.min(a.from, b.from), to: Math.max(a.to, b.to), own: a.own + b.own, mixed: true };
}
