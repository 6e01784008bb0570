import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import * as l10n from '@vscode/l10n';
import { RestorePointError } from '../../errors';

const FULL = 1024 * 1024;

/** A file that is written in pieces. */
export class OutputFile {
  readonly #file: FileHandle;
  #parts: Buffer[] = [];
  #size = 0;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /** Readable for its owner only: it holds what the dump holds. */
  static async create(path: string): Promise<OutputFile> {
    return new OutputFile(await open(path, 'wx', 0o600));
  }

  async write(part: Buffer | string): Promise<void> {
    const bytes = typeof part === 'string' ? Buffer.from(part) : part;
    this.#parts.push(bytes);
    this.#size += bytes.length;
    if (this.#size >= FULL) await this.#flush();
  }

  async close(): Promise<void> {
    try {
      await this.#flush();
      await this.#file.sync();
    } finally {
      await this.#file.close();
    }
  }

  async #flush(): Promise<void> {
    const parts = this.#parts;
    this.#parts = [];
    this.#size = 0;
    await this.#file.appendFile(Buffer.concat(parts));
  }
}

/**
 * Runs `write` with the path of a `.partial` beside the target (a folder when `folder`), which gets the target's
 * name when all went well and is removed when not.
 */
export async function writeAside<T>(
  target: string,
  folder: boolean,
  write: (partial: string) => Promise<T>,
): Promise<T> {
  const partial = `${target}.partial`;
  // Made at once, so that two do not write the same, and nothing that is there is written over.
  if (await exists(target)) throw taken(target);
  try {
    if (folder) await mkdir(partial, { mode: 0o700 });
    else await (await open(partial, 'wx', 0o600)).close();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw taken(partial);
    throw error;
  }
  try {
    if (!folder) await rm(partial);
    const result = await write(partial);
    await rename(partial, target);
    return result;
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await (await open(path, 'r')).close();
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ENOENT';
  }
}

function taken(path: string): RestorePointError {
  return new RestorePointError({
    code: 'salvage.exists',
    what: l10n.t('"{0}" exists already.', path),
    why: l10n.t('What is salvaged is never written over something else.'),
    next: l10n.t('Choose another name.'),
  });
}
