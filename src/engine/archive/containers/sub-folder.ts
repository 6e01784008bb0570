import type { ReadOptions } from '../types';
import type { Container, Member } from './types';

/** One folder inside a container, seen as a container. Closing it leaves the other one open. */
export class SubFolder implements Container {
  readonly #of: Container;
  readonly #prefix: string;

  /** `prefix` with a slash at its end. */
  constructor(of: Container, prefix: string) {
    this.#of = of;
    this.#prefix = prefix;
  }

  get kind(): Container['kind'] {
    return this.#of.kind;
  }

  get listable(): boolean {
    return this.#of.listable;
  }

  async *members(options?: ReadOptions): AsyncGenerator<Member> {
    for await (const member of this.#of.members(options)) {
      const name = member.name.startsWith(this.#prefix) ? member.name.slice(this.#prefix.length) : '';
      if (name && !name.includes('/')) yield { ...member, name };
    }
  }

  async find(name: string, options?: ReadOptions): Promise<Member | null> {
    return await this.#of.find(this.#prefix + name, options);
  }

  async close(): Promise<void> {}
}
