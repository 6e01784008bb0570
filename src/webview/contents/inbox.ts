import type { ContentsPage } from '../../shared/contentsPage';
import type { Handlers } from '../../shared/rpc';

type Listeners = Handlers<ContentsPage>;
type Hear = (fraction: number | null, text: string) => void;

/** Passes what the host says to whoever listens; what comes before anybody does is kept. */
export class Inbox {
  #listener: Listeners | null = null;
  #waiting: ((listener: Listeners) => void)[] = [];
  readonly #watched = new Map<string, Set<Hear>>();

  readonly handlers: Listeners = {
    head: (head) => this.#pass((to) => void to.head(head, never)),
    sizes: (sizes) => this.#pass((to) => void to.sizes(sizes, never)),
    progress: (progress) => {
      const hearers = this.#watched.get(progress.task);
      if (hearers) for (const hear of hearers) hear(progress.fraction, progress.text);
      else this.#pass((to) => void to.progress(progress, never));
    },
    reveal: (target) => this.#pass((to) => void to.reveal(target, never)),
    failed: (error) => this.#pass((to) => void to.failed(error, never)),
  };

  /** @returns stops listening */
  listen(listener: Listeners): () => void {
    this.#listener = listener;
    for (const message of this.#waiting.splice(0)) message(listener);
    return () => (this.#listener = null);
  }

  /**
   * Hears how far one task is, which is then not told to the page as a whole.
   *
   * @returns stops hearing
   */
  readonly watch = (task: string, hear: Hear): (() => void) => {
    const hearers = this.#watched.get(task) ?? new Set();
    this.#watched.set(task, hearers.add(hear));
    return () => {
      hearers.delete(hear);
      if (hearers.size === 0) this.#watched.delete(task);
    };
  };

  #pass(message: (listener: Listeners) => void): void {
    if (this.#listener) message(this.#listener);
    else this.#waiting.push(message);
  }
}

/** What the host says is not cancelled. */
const never = new AbortController().signal;
