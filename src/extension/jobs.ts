import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Secrets as Passwords } from '../engine/connections/types';
import type { JobEvent, JobSummary } from '../engine/jobs';
import type { Plan } from '../engine/plan';
import type { Connections } from './connections';
import { Disposables } from './dispose';
import { engine } from './engine';
import { contextKeys } from './ids';
import type { Log } from './log';
import type { Sessions } from './sessions';
import { onSetting, setting } from './settings';
import { requireTrust } from './trust';

/**
 * Glue between the window and the runners, which outlive it: starts them, follows what they write,
 * and tells when a job ended while this window watched.
 */
export class Jobs extends Disposables {
  readonly #connections: Connections;
  readonly #sessions: Sessions;
  readonly #log: Log;
  /** Path of the command line's bundle, which is the runner. */
  readonly #cli: string;
  readonly #changed = this.own(new vscode.EventEmitter<void>());
  readonly onDidChange = this.#changed.event;
  readonly #listed = this.own(new vscode.EventEmitter<JobSummary[]>());
  /** After each reading, newest first. */
  readonly onDidList = this.#listed.event;
  readonly #finished = this.own(new vscode.EventEmitter<JobSummary>());
  /** Once for each job that this window saw running and then ended. */
  readonly onDidFinish = this.#finished.event;
  readonly #running = new Set<string>();
  #watching: Promise<void> | undefined;
  #listing: Promise<JobSummary[]> | undefined;

  constructor(parts: { connections: Connections; sessions: Sessions; log: Log; cli: string }) {
    super();
    this.#connections = parts.connections;
    this.#sessions = parts.sessions;
    this.#log = parts.log;
    this.#cli = parts.cli;
    this.own(onSetting(['jobs.maxParallel'], () => void this.#writeSettings().catch(() => undefined)));
  }

  /** Newest first. From the first call on the jobs' folder is watched. */
  async list(): Promise<JobSummary[]> {
    await this.#watch();
    this.#listing ??= this.#read();
    return await this.#listing;
  }

  async get(id: string): Promise<JobSummary | undefined> {
    return (await this.list()).find((job) => job.id === id);
  }

  /** Writes the plan to a job's folder and starts a runner for it. Returns the job's id. */
  async start(plan: Plan): Promise<string> {
    requireTrust();
    const { createJob } = await engine();
    const passwords = await this.#passwords(plan);
    await this.#watch();
    const job = await createJob(plan);
    return await this.#run(job, passwords);
  }

  /** The same plan again as a new job. */
  async retry(id: string): Promise<string> {
    requireTrust();
    const { retryJob } = await engine();
    const old = await this.#require(id);
    const passwords = await this.#passwords(old.plan);
    const job = await retryJob(old.folder);
    return await this.#run(job, passwords);
  }

  async cancel(id: string): Promise<void> {
    const { cancelJob } = await engine();
    await cancelJob((await this.#require(id)).folder);
  }

  /** Takes an ended job out of the history. */
  async remove(id: string): Promise<void> {
    const { isTerminal, removeJob } = await engine();
    const job = await this.#require(id);
    if (isTerminal(job.state)) await removeJob(job.folder);
    this.#stale();
  }

  /** A job's events from its beginning, as they come, until it ended. */
  async *follow(id: string, signal: AbortSignal): AsyncIterable<JobEvent> {
    const { followJob } = await engine();
    yield* followJob((await this.#require(id)).folder, { signal });
    // Whoever followed to the end must find it ended in the list too.
    this.#stale();
  }

  /** Resolves when the job has ended. */
  async ended(id: string, signal: AbortSignal): Promise<JobSummary> {
    const { isTerminal } = await engine();
    for await (const event of this.follow(id, signal))
      if (event.type === 'state' && isTerminal(event.state)) break;
    this.#stale();
    return await this.#require(id);
  }

  async #run(job: { id: string; folder: string; plan: Plan }, secrets: Passwords): Promise<string> {
    const { startRunner } = await engine();
    await this.#writeSettings();
    await startRunner(job, { cli: this.#cli, execPath: process.execPath, secrets });
    this.#log.info(`Job ${job.id}: ${job.plan.title}`);
    this.#running.add(job.id);
    this.#stale();
    return job.id;
  }

  async #require(id: string): Promise<JobSummary> {
    const job = await this.get(id);
    if (job) return job;
    const { RestorePointError } = await engine();
    throw new RestorePointError({
      code: 'job.missing',
      what: vscode.l10n.t('This job is not there any more.'),
      why: id,
      next: vscode.l10n.t('It was removed from the history.'),
    });
  }

  /** The passwords of a plan's connections, each proved by logging in; asks for what is not known. */
  async #passwords(plan: Plan): Promise<Passwords> {
    const passwords: Passwords = {};
    const { isOwnServer } = await engine();
    for (const [key, resolved] of Object.entries(plan.connections)) {
      if (isOwnServer(plan, key)) continue;
      const connection = (await this.#connections.get(resolved.id)) ?? resolved;
      const password = await this.#sessions.use(connection, ({ password }) => Promise.resolve(password), {
        interactive: true,
      });
      if (password !== undefined) passwords[resolved.id] = password;
    }
    return passwords;
  }

  /** Paths that running jobs are writing to: no leftovers yet. */
  async writing(): Promise<Set<string>> {
    const { isTerminal, memberPartialPath, partialPath } = await engine();
    const drafts = (await this.list()).flatMap(({ state, plan }) =>
      !isTerminal(state) && plan.artifact ? [plan.artifact] : [],
    );
    return new Set(
      drafts.flatMap((draft) => [
        partialPath(draft.path),
        ...draft.members.map(({ path }) => memberPartialPath(draft, path)),
      ]),
    );
  }

  #stale(): void {
    this.#listing = undefined;
    this.#changed.fire();
    // The end of a job is told also while nobody looks at the list.
    if (this.#running.size) this.list().catch((error: unknown) => this.#log.warn(String(error)));
  }

  #watch(): Promise<void> {
    this.#watching ??= engine().then(async ({ home, reapJobs, watchJobs }) => {
      await reapJobs(home());
      this.own(watchJobs(home(), () => this.#stale()));
    });
    return this.#watching;
  }

  async #read(): Promise<JobSummary[]> {
    const { home, isTerminal, listJobs } = await engine();
    const jobs = await listJobs(home());
    for (const job of jobs) {
      if (!isTerminal(job.state)) this.#running.add(job.id);
      else if (this.#running.delete(job.id)) this.#finished.fire(job);
    }
    void vscode.commands.executeCommand(
      'setContext',
      contextKeys.hasFinishedJobs,
      jobs.some(({ state }) => isTerminal(state)),
    );
    this.#listed.fire(jobs);
    return jobs;
  }

  /** Gives the editor's settings to the runners, which do not know the editor. */
  async #writeSettings(): Promise<void> {
    const { config } = (await engine()).home();
    const path = join(config, 'settings.json');
    const present = await readFile(path, 'utf8').then(
      (text) => JSON.parse(text) as Record<string, unknown>,
      () => ({}) as Record<string, unknown>,
    );
    const maxJobs = setting('jobs.maxParallel');
    if (present.maxJobs === maxJobs) return;
    await mkdir(config, { recursive: true, mode: 0o700 });
    await writeFile(`${path}.tmp`, JSON.stringify({ ...present, maxJobs }, undefined, 2), { mode: 0o600 });
    await rename(`${path}.tmp`, path);
  }
}
