/** Rows that are hashed of each side where they begin to differ, and the most before it is looked whether they go on in step. */
const FEW = 8;
const MOST = 16 * 1024;
/** Rows in step after which a difference is one of few. */
const LONG_RUN = 64;

/** What is known of the pairs that were found by their hashes. */
export interface Shifts {
  /** By how many rows the right one of the last pairs stood behind the left one; null where they do not agree. */
  readonly shift: number | null;
  forget(): void;
}

/**
 * Finds out when both sides stand at equal rows, so that they can be compared byte by byte: two dumps of one table do nearly
 * everywhere. Where they differ some rows of each are hashed; the pairs that are found tell which side is behind, and by how much.
 */
export class Alignment {
  readonly #shifts: Shifts;
  readonly #able: boolean;
  /** Rows that have to be hashed of each side. */
  readonly #owed: [number, number];
  #batch = FEW;
  #run = LONG_RUN;
  #catchingUp = false;

  /** `able`: lines that are the same bytes are the same rows. */
  constructor(able: boolean, shifts: Shifts) {
    this.#able = able;
    this.#shifts = shifts;
    this.#owed = able ? [0, 0] : [Infinity, Infinity];
  }

  /** Both stand at equal rows, as far as is known. */
  get inStep(): boolean {
    return this.#owed[0] === 0 && this.#owed[1] === 0;
  }

  /** The side whose rows have to be hashed next; `rows`: how many each side has had. */
  behind(rows: readonly [number, number]): 0 | 1 {
    if (this.#owed[0] === 0) return 1;
    return this.#owed[1] === 0 || rows[0] <= rows[1] ? 0 : 1;
  }

  owed(side: 0 | 1): number {
    return this.#owed[side];
  }

  /** So many rows were the same. */
  passed(rows: number): void {
    this.#run += rows;
    if (this.#run >= LONG_RUN) this.#batch = FEW;
  }

  /** What comes next differs. */
  lost(): void {
    // Hashing few rows at a time costs more where much differs.
    if (this.#run < LONG_RUN) this.#batch = Math.min(this.#batch * 2, MOST);
    this.#run = 0;
    this.#shifts.forget();
    this.#owed.fill(this.#batch);
  }

  /** Lines of a side were hashed; it may have ended. `rows`: how many each side has had. */
  took(side: 0 | 1, lines: number, rows: readonly [number, number]): void {
    if (!this.#able) return;
    this.#owed[side] = Math.max(0, this.#owed[side] - lines);
    if (!this.inStep) return;
    if (this.#catchingUp) {
      this.#catchingUp = false;
      return;
    }
    const { shift } = this.#shifts;
    if (shift === null) {
      this.#batch = Math.min(this.#batch * 2, MOST);
      this.#owed.fill(this.#batch);
      return;
    }
    const ahead = rows[1] - rows[0] - shift;
    this.#owed[ahead > 0 ? 0 : 1] = Math.abs(ahead);
    this.#catchingUp = ahead !== 0;
  }
}
