import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readContents, type Entry } from '../../archive';
import type { Access } from '../../connections/types';
import type { ToolStep } from '../../plan';
import { until } from '../wait';
import { readSign } from './dialects';
import { watchServerProgress } from './serverProgress';
import type { StepContext } from './types';
import { dataItems, restoreItems } from './work';
import { WorkList } from './workList';

const lookEveryMs = 500;
/** The whole is done when the tool ends, not before. */
const atMost = 0.99;

/** Entries of the archive a step restores; empty when it restores none, or it cannot be read here. */
export async function archiveEntries(step: ToolStep, signal: AbortSignal): Promise<Entry[]> {
  if (step.dialect !== 'pg_restore') return [];
  const path = step.stdin ?? step.args.at(-1);
  if (!path || path.startsWith('-')) return [];
  try {
    return (await readContents(path, { signal })).entries;
  } catch {
    // pg_restore will say what is wrong with it.
    return [];
  }
}

/** Where the asking session may sit: never in a database that is being restored, dropping it would fail. */
function askingDatabase(step: ToolStep): string | null {
  if (!step.database) return null;
  if (step.dialect === 'pg_dump' || step.dialect === 'pg_basebackup') return step.database;
  return step.database === 'postgres' && step.dialect !== 'pg_dumpall' ? null : 'postgres';
}

/** Puts together what the tool says, what the server says and what is on disk, while the tool runs. */
export class ToolProgress {
  readonly #step: ToolStep;
  readonly #context: StepContext;
  readonly #work: WorkList;
  readonly #stop = new AbortController();
  readonly #bytesNow: () => number | null;
  readonly #fed: (() => number | null) | undefined;
  #server: { stop(): Promise<void> } | undefined;
  #what: string;
  #written: number | null = null;
  /** Of tools that know how far the whole is, by their own words or the server's. */
  #told: { fraction: number | null; bytes: number | null } | undefined;

  /**
   * @param bytesNow bytes that went through our hands so far, null when none do.
   * @param fed 0 … 1 of the input fed to a tool whose messages tell nothing (psql); else undefined.
   */
  constructor(
    step: ToolStep,
    context: StepContext,
    entries: Entry[],
    bytesNow: () => number | null,
    fed?: () => number | null,
  ) {
    this.#step = step;
    this.#context = context;
    this.#bytesNow = bytesNow;
    this.#fed = fed;
    this.#what = step.title;
    const parallel = step.args.some((arg) => /^(?:-j|--jobs=?)\s*0*(?:[2-9]|1\d)/.test(arg));
    const items =
      step.dialect === 'pg_restore' ? restoreItems(entries, step.relations) : dataItems(step.relations);
    this.#work = new WorkList(items, parallel);
  }

  start(access: Access | undefined): void {
    const database = askingDatabase(this.#step);
    if (access && database !== null)
      this.#server = watchServerProgress(access, database, this.#context.applicationName, (seen) => {
        const backup = seen.find(({ kind }) => kind === 'basebackup');
        if (backup) this.#toldOf(backup.fraction, backup.bytes);
        else this.#work.observe(seen);
        this.tell();
      });
    if (this.#step.writes || this.#fed) void this.#look();
  }

  line(line: string): void {
    const sign = readSign(this.#step.dialect, line);
    if (!sign) return;
    if (sign.start !== undefined) this.#work.start(sign.start);
    if (sign.finished !== undefined) this.#finished(sign.finished);
    if (sign.bytes !== undefined) this.#toldOf(sign.fraction ?? null, sign.bytes);
    if (sign.what !== undefined) this.#what = sign.what;
    this.tell();
  }

  tell(): void {
    const fraction = this.#told ? this.#told.fraction : this.#fed ? this.#fed() : this.#work.fraction();
    const bytes = this.#told?.bytes ?? this.#bytesNow() ?? this.#written;
    this.#context.progress(fraction, this.#what, bytes);
  }

  /** Never back: the server and the tool look at different moments. */
  #toldOf(fraction: number | null, bytes: number): void {
    const before = this.#told;
    this.#told = {
      fraction:
        fraction === null
          ? (before?.fraction ?? null)
          : Math.max(before?.fraction ?? 0, Math.min(atMost, fraction)),
      bytes: Math.max(before?.bytes ?? 0, bytes),
    };
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#server?.stop();
  }

  /** `TABLE DATA orders`: parallel tools say the kind and the name, not the schema. */
  #finished(label: string): void {
    const data = /^TABLE DATA (.*)$/.exec(label)?.[1];
    const key = this.#work.activeNamed(data ?? label.replace(/^[A-Z ]+ /, ''));
    if (key) this.#work.finish(key);
  }

  async #look(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      if (this.#step.writes) this.#written = await sizeOf(this.#step.writes);
      if (!this.#stop.signal.aborted) this.tell();
      await until(lookEveryMs, this.#stop.signal);
    }
  }
}

/** Bytes of a file, or of the files of a folder (a directory dump is flat). */
async function sizeOf(path: string): Promise<number | null> {
  try {
    const stats = await lstat(path);
    if (!stats.isDirectory()) return stats.size;
    const names = await readdir(path);
    const sizes = await Promise.all(names.map((name) => lstat(join(path, name)).then((file) => file.size)));
    return sizes.reduce((sum, size) => sum + size, 0);
  } catch {
    return null;
  }
}
