import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import type { Method } from '../artifacts/types';
import { home, type Home } from '../home';
import type { BackupRequest, Answers } from './types';

/** A request without what belongs to one moment: which database, where to, notes. */
export type Answered = { method: Method; options?: Answers; extra?: string[] } & Record<string, unknown>;

export interface Preset {
  name: string;
  request: Answered;
}

interface PresetFile {
  version: 1;
  /** Last answers by method, and by method and connection. */
  last: Record<string, Answered>;
  presets: Preset[];
}

const fresh = (): PresetFile => ({ version: 1, last: {}, presets: [] });

/** What is worth repeating of a request. */
export function answersOf(request: BackupRequest): Answered {
  const {
    database: _d,
    path: _p,
    notes: _n,
    tables: _t,
    table: _tt,
    query: _q,
    schemas: _s,
    ...rest
  } = request as unknown as Record<string, unknown>;
  return rest as Answered;
}

/** Remembered answers and named presets, in `presets.json`, shared by editor and command line. */
export class PresetStore {
  readonly #file: string;

  constructor(where: Home = home()) {
    this.#file = join(where.config, 'presets.json');
  }

  /** The last answers for this method: with this connection, else with any. */
  async last(method: Method, connectionId?: string): Promise<Answered | undefined> {
    const { last } = await this.#read();
    return (connectionId && last[`${method}/${connectionId}`]) || last[method];
  }

  async remember(request: BackupRequest, connectionId?: string): Promise<void> {
    await this.#change((file) => {
      const answers = answersOf(request);
      file.last[request.method] = answers;
      if (connectionId) file.last[`${request.method}/${connectionId}`] = answers;
    });
  }

  /** By name. */
  async list(): Promise<Preset[]> {
    return (await this.#read()).presets.sort((a, b) => a.name.localeCompare(b.name));
  }

  async get(name: string): Promise<Preset | undefined> {
    return (await this.#read()).presets.find((preset) => preset.name === name);
  }

  /** Replaces a preset of the same name. */
  async save(name: string, request: BackupRequest): Promise<void> {
    await this.#change((file) => {
      file.presets = [
        ...file.presets.filter((preset) => preset.name !== name),
        { name, request: answersOf(request) },
      ];
    });
  }

  async remove(name: string): Promise<void> {
    await this.#change((file) => {
      file.presets = file.presets.filter((preset) => preset.name !== name);
    });
  }

  async #read(): Promise<PresetFile> {
    const text = await readFile(this.#file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (text === undefined) return fresh();
    try {
      const file = JSON.parse(text) as Partial<PresetFile>;
      if (typeof file !== 'object' || file === null) throw new Error('not an object');
      const presets = (Array.isArray(file.presets) ? file.presets : []).filter(
        (preset) => typeof preset?.name === 'string' && typeof preset.request?.method === 'string',
      );
      return { version: 1, last: { ...file.last }, presets };
    } catch {
      // Kept for whoever wants to mend it by hand; the next write would lose it.
      await rename(this.#file, `${this.#file}.damaged-${Date.now()}`).catch(() => undefined);
      return fresh();
    }
  }

  async #change(change: (file: PresetFile) => void): Promise<void> {
    const file = await this.#read();
    change(file);
    await mkdir(join(this.#file, '..'), { recursive: true, mode: 0o700 });
    const draft = `${this.#file}.${randomBytes(4).toString('hex')}.tmp`;
    await writeFile(draft, `${JSON.stringify(file, null, 2)}\n`, { mode: 0o600 });
    await rename(draft, this.#file);
  }
}
