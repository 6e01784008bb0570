import * as l10n from '@vscode/l10n';
import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, watch, writeFileSync } from 'node:fs';
import { mkdir, open, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { RestorePointError } from '../errors';
import { home, type Home } from '../home';
import { parseStoredConnections } from './stored';
import type { Connection } from './types';

/** A file so damaged that nothing could be read of it, and where it was put aside. */
export interface Damage {
  keptAs: string;
  why: string;
}

/** Changes of a file come in bursts (temporary file, rename). */
const watchDelayMs = 50;

/**
 * The connections of this user, in `connections.json`, shared by the editor's windows and the command line.
 * Never holds a password. Every change re-reads the file first, so that another window's change is kept.
 */
export class ConnectionStore {
  readonly file: string;
  /** Set when the last reading found the file damaged. */
  damage: Damage | undefined;

  constructor(where: Pick<Home, 'config'> = home()) {
    this.file = join(where.config, 'connections.json');
  }

  /** All connections in their stored order. A damaged file counts as empty and is kept aside. */
  list(): Connection[] {
    let text: string;
    try {
      text = readFileSync(this.file, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw unreadable(this.file, error);
    }
    const read = parseStoredConnections(text);
    if (read.damage === undefined) return read.connections;
    this.damage = { keptAs: this.#keepAside(text, read.connections), why: read.damage };
    return read.connections;
  }

  /** By id, else by name. */
  get(idOrName: string): Connection | undefined {
    const all = this.list();
    return all.find(({ id }) => id === idOrName) ?? all.find(({ name }) => name === idOrName);
  }

  /** Adds the connection, or replaces the one with its id. */
  async save(connection: Connection): Promise<void> {
    await this.#change((all) => {
      const index = all.findIndex(({ id }) => id === connection.id);
      return index < 0 ? [...all, connection] : all.with(index, connection);
    });
  }

  async remove(id: string): Promise<void> {
    await this.#change((all) => all.filter((connection) => connection.id !== id));
  }

  /** A stored copy under a new id and a free name; `name (2)` when none is given. */
  async duplicate(id: string, name?: string): Promise<Connection> {
    const original = this.get(id);
    if (!original)
      throw new RestorePointError({
        code: 'connection.unknown',
        what: l10n.t('There is no connection "{0}".', id),
        why: l10n.t('It was removed meanwhile.'),
        next: l10n.t('Refresh the list of connections.'),
      });
    const copy: Connection = {
      ...structuredClone(original),
      id: newConnectionId(),
      name: name ?? freeName(original.name, this.list()),
    };
    await this.save(copy);
    return copy;
  }

  /** Names of all groups, sorted. */
  groups(): string[] {
    const names = this.list().flatMap(({ group }) => (group ? [group] : []));
    return [...new Set(names)].sort((a, b) => a.localeCompare(b));
  }

  /** Tells of changes by anyone, also by other windows and the command line. */
  watch(onChange: () => void): { dispose(): void } {
    const folder = dirname(this.file);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    let timer: NodeJS.Timeout | undefined;
    // The folder is watched, not the file: a rename replaces the file.
    const watcher = watch(folder, (_, name) => {
      if (name !== null && name !== basename(this.file)) return;
      clearTimeout(timer);
      timer = setTimeout(onChange, watchDelayMs);
    });
    watcher.on('error', () => watcher.close());
    return {
      dispose() {
        clearTimeout(timer);
        watcher.close();
      },
    };
  }

  async #change(edit: (all: Connection[]) => Connection[]): Promise<void> {
    await mkdir(dirname(this.file), { recursive: true, mode: 0o700 });
    // Reading and writing without a turn of the event loop between them keeps changes of this process apart.
    const text = `${JSON.stringify({ version: 1, connections: edit(this.list()) }, null, 2)}\n`;
    const temporary = `${this.file}.${process.pid}.${randomUUID().slice(0, 8)}.tmp`;
    try {
      writeFileSync(temporary, text, { mode: 0o600, flush: true });
      renameSync(temporary, this.file);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
    await syncFolder(dirname(this.file));
  }

  /** Puts the damaged text beside the file and writes back what could be read, once. */
  #keepAside(text: string, readable: Connection[]): string {
    const aside = `${this.file}.damaged-${new Date().toISOString().replace(/[:.]/g, '-')}`;
    writeFileSync(aside, text, { mode: 0o600 });
    const mended = `${JSON.stringify({ version: 1, connections: readable }, null, 2)}\n`;
    const temporary = `${this.file}.${process.pid}.mend.tmp`;
    writeFileSync(temporary, mended, { mode: 0o600 });
    renameSync(temporary, this.file);
    return aside;
  }
}

/** Short, unique, safe as a file name. */
export function newConnectionId(): string {
  return randomUUID().replaceAll('-', '').slice(0, 12);
}

function freeName(name: string, all: Connection[]): string {
  const base = name.replace(/ \(\d+\)$/, '');
  for (let number = 2; ; number++) {
    const candidate = `${base} (${number})`;
    if (!all.some((other) => other.name === candidate)) return candidate;
  }
}

function unreadable(file: string, cause: unknown): RestorePointError {
  return new RestorePointError(
    {
      code: 'connection.store',
      what: l10n.t('The connections cannot be read.'),
      why: cause instanceof Error ? cause.message : String(cause),
      next: l10n.t('Make the file {0} readable for you.', file),
    },
    { cause },
  );
}

async function syncFolder(folder: string): Promise<void> {
  // Not every file system lets a folder be opened; the rename is atomic all the same.
  const handle = await open(folder).catch(() => undefined);
  await handle?.sync().catch(() => {});
  await handle?.close();
}
