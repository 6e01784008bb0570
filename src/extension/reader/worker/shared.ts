interface Running<T> {
  answer: Promise<T>;
  controller: AbortController;
}

/** Work done once for all who wait for it. It is cancelled when nobody does any more, and done anew when it failed. */
export class Shared<T> {
  readonly #work: (signal: AbortSignal) => Promise<T>;
  #running: Running<T> | undefined;
  #waiting = 0;

  constructor(work: (signal: AbortSignal) => Promise<T>) {
    this.#work = work;
  }

  /** @param signal ends this waiting; without it the work goes on to its end */
  async get(signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    const running = (this.#running ??= this.#start());
    this.#waiting++;
    const leave = (): void => {
      if (--this.#waiting > 0) return;
      if (this.#running === running) this.#running = undefined;
      running.controller.abort();
    };
    if (!signal) return await running.answer;
    let stop: (() => void) | undefined;
    const given = new Promise<never>((_resolve, reject) => {
      stop = () => {
        leave();
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', stop);
    });
    try {
      return await Promise.race([running.answer, given]);
    } finally {
      if (stop) signal.removeEventListener('abort', stop);
    }
  }

  #start(): Running<T> {
    const controller = new AbortController();
    const answer = this.#work(controller.signal);
    const running = { answer, controller };
    this.#waiting = 0;
    answer.catch(() => {
      if (this.#running === running) this.#running = undefined;
    });
    return running;
  }
}
