import type { Clock } from './journal';

export interface Progress {
  fraction: number | null;
  what: string;
  bytes: number | null;
  remainingMs: number | null;
}

const emitEveryMs = 250;
/** Before this much is known, a time left would be a guess. */
const honestAfterMs = 2000;
const honestAfterFraction = 0.01;
/** Weight of the past in the rate: seconds, so that one slow table does not turn the forecast over. */
const memoryMs = 10_000;

/**
 * Turns the progress of single steps into one of the whole job: weighted by the steps' weights, never
 * going back, with the time left from a smoothed rate. Says null where nothing honest can be said.
 */
export class ProgressMeter {
  readonly #weights: number[];
  readonly #emit: (progress: Progress) => void;
  readonly #clock: Clock;
  #index = 0;
  #fraction: number | null = null;
  #what = '';
  #bytes: number | null = null;
  #rate: number | null = null;
  /** Where the rate was last measured. */
  #mark: { at: number; fraction: number };
  #began: number;
  #emittedAt = -Infinity;
  #waiting: NodeJS.Timeout | undefined;

  constructor(weights: number[], emit: (progress: Progress) => void, clock: Clock = () => performance.now()) {
    this.#weights = weights.map((weight) => (Number.isFinite(weight) && weight > 0 ? weight : 0));
    this.#emit = emit;
    this.#clock = clock;
    this.#began = clock();
    this.#mark = { at: this.#began, fraction: 0 };
  }

  /** A step begins; all before it are done. */
  step(index: number, what: string): void {
    this.#index = index;
    this.#bytes = null;
    this.update(null, what);
  }

  /**
   * @param fraction 0 … 1 of the current step; null while it cannot be told.
   * @param bytes moved in the current step, null when unknown.
   */
  update(fraction: number | null, what: string, bytes: number | null = null): void {
    this.#what = what;
    if (bytes !== null) this.#bytes = bytes;
    this.#advance(fraction);
    const since = this.#clock() - this.#emittedAt;
    if (since >= emitEveryMs) this.flush();
    else if (!this.#waiting) {
      this.#waiting = setTimeout(() => this.flush(), emitEveryMs - since);
      this.#waiting.unref();
    }
  }

  /** Emits what is known now. */
  flush(): void {
    clearTimeout(this.#waiting);
    this.#waiting = undefined;
    this.#emittedAt = this.#clock();
    this.#emit({
      fraction: this.#fraction,
      what: this.#what,
      bytes: this.#bytes,
      remainingMs: this.#remaining(),
    });
  }

  /** No more is emitted. */
  stop(): void {
    clearTimeout(this.#waiting);
    this.#waiting = undefined;
  }

  /** Everything is done. */
  finish(what: string): void {
    this.#fraction = 1;
    this.#what = what;
    this.#rate = null;
    this.flush();
  }

  #advance(fraction: number | null): void {
    const total = this.#weights.reduce((sum, weight) => sum + weight, 0);
    if (total === 0) return;
    const done = this.#weights.slice(0, this.#index).reduce((sum, weight) => sum + weight, 0);
    if (fraction === null && done === 0) return;
    const inStep = Math.min(1, Math.max(0, fraction ?? 0)) * (this.#weights[this.#index] ?? 0);
    const overall = Math.min(1, (done + inStep) / total);
    this.#fraction = Math.max(this.#fraction ?? 0, overall);
    this.#measure();
  }

  #measure(): void {
    const now = this.#clock();
    const passed = now - this.#mark.at;
    if (passed < emitEveryMs) return;
    const rate = ((this.#fraction ?? 0) - this.#mark.fraction) / passed;
    // The plain average while there is less past than memory, smoothed from then on.
    const share = Math.min(1, passed / Math.min(memoryMs, Math.max(1, now - this.#began)));
    this.#rate = (this.#rate ?? rate) * (1 - share) + rate * share;
    this.#mark = { at: now, fraction: this.#fraction ?? 0 };
  }

  #remaining(): number | null {
    const fraction = this.#fraction ?? 0;
    if (fraction >= 1) return 0;
    const known = this.#clock() - this.#began >= honestAfterMs && fraction >= honestAfterFraction;
    if (!known || !this.#rate || this.#rate <= 0) return null;
    return Math.round((1 - fraction) / this.#rate);
  }
}
