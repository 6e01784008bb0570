import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Job, Outcome } from './damaged-reader-process';

/** Memory the reading process may take at its most, in MiB: what a dump may use (192), and Node itself. */
const MEMORY = 256;
/** Milliseconds for one file. */
const LIMIT = 20_000;

/** Reads damaged files in a process of its own, which neither crashes, nor hangs, nor takes too much memory. */
export class DamagedReader {
  readonly #child: ChildProcess;
  /** The most memory so far, in MiB. */
  peak = 0;

  constructor() {
    this.#child = fork(join(process.cwd(), 'dist/test/support/damaged-reader-process.js'), { execArgv: [] });
  }

  /** Throws when the process ends, hangs or takes too much, and for any error that is no `RestorePointError`. */
  async read(job: Job, what: string): Promise<Outcome> {
    const done = new AbortController();
    const { signal } = done;
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), LIMIT);
    try {
      this.#child.send(job);
      const [first] = (await Promise.race([
        once(this.#child, 'message', { signal }),
        once(this.#child, 'exit', { signal }),
      ])) as [Outcome | number | null];
      if (first === null || typeof first === 'number')
        throw new Error(`the reader ended (${first ?? 'killed, or crashed'}) in ${what}`);
      if (first.failure) throw new Error(`${what}: ${first.failure}`);
      this.peak = first.peak;
      if (this.peak > MEMORY) throw new Error(`${Math.round(this.peak)} MiB of memory in ${what}`);
      return first;
    } finally {
      clearTimeout(timer);
      done.abort();
    }
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.disconnect();
    await once(this.#child, 'exit');
  }
}
