import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { JobEvent, JobEventBody } from './events';
import { files } from './folder';
import type { Masker } from './mask';

/** Milliseconds on a clock that never jumps. */
export type Clock = () => number;

/**
 * Writes a job's events, one JSON object per line, each masked. Lines are gathered for one turn of
 * the event loop (a verbose tool prints thousands), and written at once when something is decided.
 *
 * A full disk must not end the job that may be about to report it: a line that cannot be written is
 * lost and shows as a gap in `seq`.
 */
export class Journal {
  readonly #fd: number;
  readonly #masker: Masker;
  readonly #known: ReadonlySet<string>;
  readonly #onEvent: ((event: JobEvent) => void) | undefined;
  readonly #clock: Clock;
  readonly #began: number;
  #seq = 0;
  #pending = '';
  #torn = false;
  #scheduled: NodeJS.Immediate | undefined;

  /** @param known strings that are never masked: those of the plan. */
  constructor(
    folder: string,
    masker: Masker,
    known: ReadonlySet<string>,
    onEvent?: (event: JobEvent) => void,
    clock: Clock = () => performance.now(),
  ) {
    this.#fd = openSync(join(folder, files.events), 'a', 0o600);
    this.#masker = masker;
    this.#known = known;
    this.#onEvent = onEvent;
    this.#clock = clock;
    this.#began = clock();
  }

  /** Milliseconds since the runner began. */
  elapsed(): number {
    return Math.round(this.#clock() - this.#began);
  }

  write(body: JobEventBody): void {
    const keeps = body.type === 'result' || body.type === 'step';
    const event = {
      seq: this.#seq++,
      at: new Date().toISOString(),
      ms: this.elapsed(),
      ...this.#masker.value(body, keeps ? this.#known : undefined),
    } as JobEvent;
    this.#pending += `${JSON.stringify(event)}\n`;
    if (body.type === 'log' || body.type === 'progress') this.#scheduled ??= setImmediate(() => this.flush());
    else this.flush();
    this.#onEvent?.(event);
  }

  flush(): void {
    if (this.#scheduled) clearImmediate(this.#scheduled);
    this.#scheduled = undefined;
    if (!this.#pending) return;
    // After a line that was cut by a full disk the next one starts on its own line.
    const bytes = Buffer.from((this.#torn ? '\n' : '') + this.#pending);
    this.#pending = '';
    try {
      let written = 0;
      while (written < bytes.length) written += writeSync(this.#fd, bytes, written);
      this.#torn = false;
    } catch {
      this.#torn = true;
    }
  }

  close(): void {
    this.flush();
    closeSync(this.#fd);
  }
}

/** Every string a value holds: what a plan says is not a secret. */
export function stringsOf(value: unknown, into = new Set<string>()): Set<string> {
  if (typeof value === 'string') into.add(value);
  else if (value && typeof value === 'object') for (const item of Object.values(value)) stringsOf(item, into);
  return into;
}
