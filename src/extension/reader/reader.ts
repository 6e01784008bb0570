import { Worker } from 'node:worker_threads';
import type { ErrorFacts } from '../../engine/errors';
import { Rpc, RpcError, type Handlers } from '../../shared/rpc';
import type { ReaderCalls, ReaderNews, ReaderStart } from './contract';

/**
 * Megabytes of V8's young generation, of which it would take some 200 in the end, because rows come and go: measured with
 * an export of 0.5 GB, the process takes 180 instead of 270 MB for it, and 5 % more time.
 */
const YOUNG = 48;

export interface ReaderOptions {
  /** `dist/engine/reader.mjs`. */
  script: string;
  start: ReaderStart;
  /** Megabytes the thread may have before it is ended. */
  memory: number;
  news: Handlers<ReaderNews>;
  /** The thread is gone though nobody ended it; calls under way reject with the same facts. */
  onLost(error: RpcError): void;
}

/** A thread that reads one dump. */
export class Reader {
  readonly #worker: Worker;
  readonly #rpc: Rpc<ReaderNews, ReaderCalls>;
  readonly #lost: (error: RpcError) => void;
  #over = false;

  /** @param wordLoss says why a thread was lost, as a person reads it */
  constructor(options: ReaderOptions, wordLoss: (error: Error | undefined) => ErrorFacts) {
    const { script, start, memory, news, onLost } = options;
    this.#worker = new Worker(script, {
      workerData: start,
      resourceLimits: { maxOldGenerationSizeMb: memory, maxYoungGenerationSizeMb: YOUNG },
      // What it prints goes nowhere: it is told by calls.
      stdout: true,
      stderr: true,
    });
    const worker = this.#worker;
    this.#lost = onLost;
    this.#rpc = new Rpc<ReaderNews, ReaderCalls>(
      (message) => worker.postMessage(message),
      news,
      toPlainFacts,
    );
    worker.on('message', (message) => this.#rpc.receive(message));
    worker.on('error', (error) => this.#lose(wordLoss(error)));
    worker.on('exit', () => this.#lose(wordLoss(undefined)));
    worker.stdout.resume();
    worker.stderr.resume();
  }

  get call(): Rpc<ReaderNews, ReaderCalls>['call'] {
    return this.#rpc.call.bind(this.#rpc);
  }

  /** Whether it can still be called. */
  get over(): boolean {
    return this.#over;
  }

  /** Ends the thread; what is under way ends as cancelled. */
  dispose(): void {
    if (this.#over) return;
    this.#over = true;
    this.#rpc.close();
    void this.#worker.terminate();
  }

  #lose(facts: ErrorFacts): void {
    if (this.#over) return;
    this.#over = true;
    const error = new RpcError(facts);
    this.#rpc.close(error);
    this.#lost(error);
  }
}

/** What the shell's own handlers throw; they only pass news on. */
function toPlainFacts(error: unknown): ErrorFacts {
  return { code: 'unexpected', what: String(error), why: '', next: '' };
}
