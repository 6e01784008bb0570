import type { ErrorFacts } from '../engine/errors';

export type { ErrorFacts };

/**
 * Typed calls between a page and the extension host, both ways, over `postMessage`.
 *
 * A contract is an interface whose members are functions of one argument; the side that offers it passes
 * handlers, the other calls. Every call has one reply, `ok` or `error`, and can be cancelled: the handler
 * then sees its signal abort and its reply is dropped.
 */
// A method's argument is contravariant, so only `any` lets every contract extend this.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Contract<C> = { [K in keyof C]: (argument: any) => unknown };

type Argument<F> = F extends (argument: infer A) => unknown ? A : never;
type Result<F> = F extends (...args: never[]) => infer R ? Awaited<R> : never;

export type Handlers<C extends Contract<C>> = {
  [K in keyof C]: (argument: Argument<C[K]>, signal: AbortSignal) => Result<C[K]> | Promise<Result<C[K]>>;
};

export type RpcMessage =
  | { rpc: 'call'; id: number; name: string; argument: unknown }
  | { rpc: 'cancel'; id: number }
  | { rpc: 'ok'; id: number; value: unknown }
  | { rpc: 'error'; id: number; error: ErrorFacts };

/** The other side's refusal of a call, with its facts. */
export class RpcError extends Error {
  readonly facts: ErrorFacts;

  constructor(facts: ErrorFacts) {
    super(facts.why ? `${facts.what} ${facts.why}` : facts.what);
    this.name = 'RpcError';
    this.facts = facts;
  }
}

interface Pending {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

export class Rpc<Offered extends Contract<Offered>, Wanted extends Contract<Wanted>> {
  readonly #post: (message: RpcMessage) => void;
  readonly #handlers: Handlers<Offered>;
  readonly #toFacts: (error: unknown) => ErrorFacts;
  readonly #pending = new Map<number, Pending>();
  readonly #running = new Map<number, AbortController>();
  #nextId = 1;
  #closed = false;

  /**
   * @param post sends one message to the other side
   * @param handlers what this side offers
   * @param toFacts how a handler's error is told to the other side
   */
  constructor(
    post: (message: RpcMessage) => void,
    handlers: Handlers<Offered>,
    toFacts: (error: unknown) => ErrorFacts,
  ) {
    this.#post = post;
    this.#handlers = handlers;
    this.#toFacts = toFacts;
  }

  /** Calls the other side. Rejects with RpcError, or with an AbortError once `signal` aborts or this is closed. */
  call<K extends keyof Wanted & string>(
    name: K,
    argument: Argument<Wanted[K]>,
    signal?: AbortSignal,
  ): Promise<Result<Wanted[K]>> {
    return new Promise((resolve, reject) => {
      if (this.#closed || signal?.aborted) return reject(aborted());
      const id = this.#nextId++;
      const cancel = (): void => {
        this.#pending.delete(id);
        this.#post({ rpc: 'cancel', id });
        reject(aborted());
      };
      const settle = (): void => signal?.removeEventListener('abort', cancel);
      this.#pending.set(id, {
        resolve: (value) => {
          settle();
          resolve(value as Result<Wanted[K]>);
        },
        reject: (error) => {
          settle();
          reject(error);
        },
      });
      signal?.addEventListener('abort', cancel, { once: true });
      this.#post({ rpc: 'call', id, name, argument });
    });
  }

  /** Takes one message from the other side; anything that is not ours is left alone. */
  receive(data: unknown): void {
    if (!isRpcMessage(data) || this.#closed) return;
    if (data.rpc === 'call') void this.#answer(data);
    else if (data.rpc === 'cancel') this.#running.get(data.id)?.abort();
    else {
      const pending = this.#pending.get(data.id);
      this.#pending.delete(data.id);
      if (data.rpc === 'ok') pending?.resolve(data.value);
      else pending?.reject(new RpcError(data.error));
    }
  }

  /**
   * Ends everything under way: our calls reject, the other side's handlers are aborted.
   *
   * @param reason why, where it was not by choice: what our calls reject with instead of an AbortError
   */
  close(reason: Error = aborted()): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const pending of this.#pending.values()) pending.reject(reason);
    for (const controller of this.#running.values()) controller.abort();
    this.#pending.clear();
    this.#running.clear();
  }

  async #answer({ id, name, argument }: { id: number; name: string; argument: unknown }): Promise<void> {
    const controller = new AbortController();
    this.#running.set(id, controller);
    let reply: RpcMessage;
    try {
      if (!Object.hasOwn(this.#handlers, name)) throw new Error(`No such call: ${name}`);
      const value = await this.#handlers[name as keyof Offered](argument as never, controller.signal);
      reply = { rpc: 'ok', id, value };
    } catch (error) {
      reply = { rpc: 'error', id, error: this.#toFacts(error) };
    }
    this.#running.delete(id);
    if (!controller.signal.aborted && !this.#closed) this.#post(reply);
  }
}

function aborted(): Error {
  return new DOMException('The call was cancelled.', 'AbortError');
}

function isRpcMessage(data: unknown): data is RpcMessage {
  return typeof data === 'object' && data !== null && 'rpc' in data && 'id' in data;
}
