import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { checkAborted } from '../abort';
import { FileSource } from '../io/file-source';
import type { ReadOptions } from '../types';
import type { Container, Member } from './types';

/** A folder, without the folders in it. */
export class FolderContainer implements Container {
  readonly kind = 'folder';
  readonly listable = true;
  readonly path: string;
  readonly #names: string[];
  readonly #set: Set<string>;

  private constructor(path: string, names: string[]) {
    this.path = path;
    this.#names = names;
    this.#set = new Set(names);
  }

  static async open(path: string): Promise<FolderContainer> {
    return new FolderContainer(path, await readdir(path));
  }

  async *members({ signal }: ReadOptions = {}): AsyncGenerator<Member> {
    for (const name of this.#names) {
      checkAborted(signal);
      const member = await this.find(name);
      if (member) yield member;
    }
  }

  async find(name: string): Promise<Member | null> {
    // Only names that were listed, so that no name in a file leads out of the folder.
    if (!this.#set.has(name)) return null;
    const path = join(this.path, name);
    const facts = await stat(path).catch(() => null);
    if (!facts?.isFile()) return null;
    return { name, size: facts.size, open: () => FileSource.open(path) };
  }

  async close(): Promise<void> {}
}
