import * as vscode from 'vscode';
import type { Artifact } from '../engine/artifacts/types';
import { Disposables } from './dispose';
import { engine } from './engine';
import { listedFolders } from './folders';
import type { Jobs } from './jobs';
import type { Log } from './log';
import { onSetting } from './settings';

/** A file that is being written changes often; it is looked at when it is quiet again. */
const quietMs = 300;

/** The backups of the listed folders: read once, watched, read again when something changed. */
export class Backups extends Disposables {
  readonly #jobs: Jobs;
  readonly #log: Log;
  readonly #listed = this.own(new vscode.EventEmitter<void>());
  /** After each reading: `known` is new. */
  readonly onDidList = this.#listed.event;
  readonly #changed = this.own(new vscode.EventEmitter<void>());
  /** What was read is out of date. */
  readonly onDidChange = this.#changed.event;
  #listing: Promise<Artifact[]> | undefined;
  #known: Artifact[] = [];
  #watcher: { dispose(): void } | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor({ jobs, log }: { jobs: Jobs; log: Log }) {
    super();
    this.#jobs = jobs;
    this.#log = log;
    this.own(jobs.onDidFinish(() => this.refresh()));
    this.own(
      onSetting(['backups.folder', 'backups.folders'], () => {
        this.#watcher?.dispose();
        this.#watcher = undefined;
        this.refresh();
      }),
    );
    this.own({ dispose: () => this.#watcher?.dispose() });
    this.own({ dispose: () => clearTimeout(this.#timer) });
  }

  /** Newest first. */
  list(): Promise<Artifact[]> {
    this.#listing ??= this.#read();
    return this.#listing;
  }

  /** What the last listing found, without waiting. */
  get known(): readonly Artifact[] {
    return this.#known;
  }

  /** Reads anew at the next look. */
  refresh(): void {
    this.#listing = undefined;
    this.#changed.fire();
  }

  /** The newest whole backup of a database, of those listed so far. */
  latest(connectionName: string, servers: string[], database: string): Artifact | undefined {
    return this.#known.find(
      ({ source, partial }) =>
        !partial &&
        source.database === database &&
        (source.connection === connectionName || (source.server !== null && servers.includes(source.server))),
    );
  }

  async #read(): Promise<Artifact[]> {
    const { listArtifacts, watchArtifacts } = await engine();
    const folders = await listedFolders();
    this.#watcher ??= watchArtifacts(folders, () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.refresh(), quietMs);
    });
    try {
      const [all, writing] = await Promise.all([listArtifacts(folders, {}), this.#jobs.writing()]);
      this.#known = all.filter(({ partial, path }) => !(partial && writing.has(path)));
      this.#listed.fire();
    } catch (error) {
      this.#log.warn(String(error));
      throw error;
    }
    return this.#known;
  }
}
