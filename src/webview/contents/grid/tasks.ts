/** Something under way that can be stopped. */
export interface Task {
  key: string;
  text: string;
  /** 0 … 1, null while unknown. */
  fraction: number | null;
  stop(): void;
}

/** What is under way, one of each kind: beginning one anew stops the one before. */
export class Tasks {
  readonly #running = new Map<string, Task>();
  readonly #changed: () => void;
  readonly #watch: (key: string, hear: (fraction: number | null) => void) => () => void;

  /** @param watch hears how far the host is with a task of this kind */
  constructor(
    watch: (key: string, hear: (fraction: number | null) => void) => () => void,
    changed: () => void,
  ) {
    this.#watch = watch;
    this.#changed = changed;
  }

  get list(): readonly Task[] {
    return [...this.#running.values()];
  }

  /** Runs something under a key. Null when it was stopped, by the person or by its successor. */
  async run<T>(key: string, text: string, work: (signal: AbortSignal) => Promise<T>): Promise<T | null> {
    this.stop(key);
    const controller = new AbortController();
    const task: Task = { key, text, fraction: null, stop: () => controller.abort() };
    this.#running.set(key, task);
    const unwatch = this.#watch(key, (fraction) => {
      task.fraction = fraction;
      this.#changed();
    });
    this.#changed();
    try {
      return await work(controller.signal);
    } catch (error) {
      if (controller.signal.aborted) return null;
      throw error;
    } finally {
      unwatch();
      if (this.#running.get(key) === task) this.#running.delete(key);
      this.#changed();
    }
  }

  stop(key: string): void {
    this.#running.get(key)?.stop();
    this.#running.delete(key);
  }

  stopAll(): void {
    for (const key of [...this.#running.keys()]) this.stop(key);
  }
}
