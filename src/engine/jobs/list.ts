import { watch, type FSWatcher } from 'node:fs';
import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as l10n from '@vscode/l10n';
import { home, type Home } from '../home';
import { isResumable } from '../left';
import { isTerminal, type JobEvent } from './events';
import { files, jobsFolder, readJob } from './folder';
import { liveness, parseOwner } from './owner';
import { readEvents } from './read';
import { addEvent, emptyOutline, readOutline, type JobSummary, type Outline } from './summary';
import { until } from './wait';

/** What was read of running jobs so far, so that a list reads only what was added. */
const known = new Map<string, { outline: Outline; offset: number }>();

/** Every job of this home, newest first. A folder that cannot be read is left out. */
export async function listJobs(where: Home = home()): Promise<JobSummary[]> {
  const names = await readdir(jobsFolder(where)).catch(() => [] as string[]);
  const summaries: JobSummary[] = [];
  for (const name of names.filter((name) => !name.startsWith('.'))) {
    const summary = await readSummary(join(jobsFolder(where), name)).catch(() => undefined);
    if (summary) summaries.push(summary);
  }
  return summaries.sort((a, b) => (a.id < b.id ? 1 : -1));
}

/** One job. Throws `job.unreadable` when its folder holds no plan. */
export async function readSummary(folder: string): Promise<JobSummary> {
  const { id, plan } = await readJob(folder);
  const { runningSince: _since, lastSeq: _seq, ...outline } = await currentOutline(folder);
  return { id, folder, plan, ...outline, resumable: isResumable({ plan, ...outline }) };
}

async function currentOutline(folder: string): Promise<Outline> {
  const kept = await readOutline(folder);
  if (kept) {
    known.delete(folder);
    return kept;
  }
  // Looked at before reading: a runner that ends in between has written its last word by then.
  const dead = (await runnerState(folder)) === 'dead';
  const outline = await readOn(folder);
  if (!dead || isTerminal(outline.state)) return structuredClone(outline);
  return {
    ...structuredClone(outline),
    state: 'interrupted',
    reason: interruptedReason(),
    remainingMs: null,
  };
}

async function readOn(folder: string): Promise<Outline> {
  const size = await stat(join(folder, files.events)).then(
    (stats) => stats.size,
    () => 0,
  );
  let entry = known.get(folder);
  if (!entry || entry.offset > size) known.set(folder, (entry = { outline: emptyOutline(), offset: 0 }));
  for (let more = true; more;) {
    const part = await readEvents(folder, entry.offset, 1 << 22);
    // Two readers at a time: an event already taken in is not counted twice.
    for (const event of part.events) if (event.seq > entry.outline.lastSeq) addEvent(entry.outline, event);
    entry.offset = Math.max(entry.offset, part.offset);
    more = part.more;
  }
  return entry.outline;
}

/** `none`: no runner has taken the job yet. */
export async function runnerState(folder: string): Promise<'none' | 'alive' | 'dead' | 'unknown'> {
  try {
    const owner = parseOwner(await readFile(join(folder, files.runner), 'utf8'));
    return owner ? liveness(owner) : 'alive';
  } catch {
    return 'none';
  }
}

export function interruptedReason(): string {
  return l10n.t('The process that ran the job ended without a last word (killed, or the machine restarted).');
}

/**
 * The events of a job, those written so far and then those that come, until it has ended. A reader
 * that was here before (a reloaded window) goes on behind `afterSeq`. For a job whose runner died an
 * `interrupted` state is added that is not in the file. Ends quietly when `signal` aborts. `onCaughtUp` is
 * called whenever everything written so far has been given.
 */
export async function* followJob(
  folder: string,
  options: { signal?: AbortSignal; afterSeq?: number; onCaughtUp?: () => void } = {},
): AsyncIterable<JobEvent> {
  const { signal } = options;
  let offset = 0;
  let last = options.afterSeq ?? -1;
  let ms = 0;
  for (;;) {
    const runner = await runnerState(folder);
    for (let more = true; more;) {
      const part = await readEvents(folder, offset, 1 << 20);
      ({ offset, more } = part);
      for (const event of part.events) {
        if (signal?.aborted) return;
        if (event.seq <= last) {
          if (event.type === 'state' && isTerminal(event.state)) return;
          continue;
        }
        last = event.seq;
        ms = event.ms;
        yield event;
        if (event.type === 'state' && isTerminal(event.state)) return;
      }
    }
    if (runner === 'dead') {
      yield {
        seq: last + 1,
        at: new Date().toISOString(),
        ms,
        type: 'state',
        state: 'interrupted',
        reason: interruptedReason(),
      };
      return;
    }
    options.onCaughtUp?.();
    if (signal?.aborted) return;
    if (!(await exists(folder))) return;
    await until(300, signal, folder);
  }
}

/** Calls back, gathered, when a job appears, changes or goes. */
export function watchJobs(where: Home, onChange: () => void): { dispose(): void } {
  const stop = new AbortController();
  void (async () => {
    const folder = jobsFolder(where);
    await mkdir(folder, { recursive: true, mode: 0o700 }).catch(() => undefined);
    const watchers = new Map<string, FSWatcher>();
    const changed = new Set<() => void>();
    const wake = (): void => changed.forEach((resolve) => resolve());
    watchInto(watchers, folder, wake);
    let before: string | undefined;
    while (!stop.signal.aborted) {
      const { text, running } = await signature(folder);
      for (const job of running) watchInto(watchers, job, wake);
      for (const [path, watcher] of watchers)
        if (path !== folder && !running.includes(path)) {
          watcher.close();
          watchers.delete(path);
        }
      if (before !== undefined && before !== text && !stop.signal.aborted) onChange();
      before = text;
      // At most five looks a second, and one a second when no file event comes.
      await until(200, stop.signal);
      await new Promise<void>((resolve) => {
        const done = (): void => {
          changed.delete(done);
          clearTimeout(timer);
          stop.signal.removeEventListener('abort', done);
          resolve();
        };
        const timer = setTimeout(done, running.length > 0 ? 300 : 1000);
        changed.add(done);
        stop.signal.addEventListener('abort', done, { once: true });
      });
    }
    for (const watcher of watchers.values()) watcher.close();
  })();
  return { dispose: () => stop.abort() };
}

function watchInto(watchers: Map<string, FSWatcher>, folder: string, onChange: () => void): void {
  if (watchers.has(folder)) return;
  try {
    const watcher = watch(folder, { persistent: false }, onChange);
    watcher.on('error', () => undefined);
    watchers.set(folder, watcher);
  } catch {
    // Polling alone will do.
  }
}

/** What tells one state of the folder from another, and the jobs that may still change. */
async function signature(folder: string): Promise<{ text: string; running: string[] }> {
  const names = (await readdir(folder).catch(() => [] as string[])).filter((name) => !name.startsWith('.'));
  const parts: string[] = [];
  const running: string[] = [];
  for (const name of names.sort()) {
    const job = join(folder, name);
    if (await exists(join(job, files.summary))) {
      parts.push(`${name} ended`);
      continue;
    }
    const size = await stat(join(job, files.events)).then(
      (stats) => stats.size,
      () => 0,
    );
    const state = await runnerState(job);
    if (state !== 'dead') running.push(job);
    parts.push(`${name} ${size} ${state}`);
  }
  return { text: parts.join('\n'), running };
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}
