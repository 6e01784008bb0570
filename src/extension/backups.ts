import * as vscode from 'vscode';
import type { Artifact } from '../engine/artifacts/types';
import { Disposables } from './dispose';
import { engine } from './engine';
import { listedFolders } from './folders';
import type { Log } from './log';
import { onSetting } from './settings';

/** A file that is being written changes often; it is looked at when it is quiet again. */
const quietMs = 300;

/** The backups of the listed folders: read once, watched, read again when something changed. */
export class Backups extends Disposables {
  readonly #log: Log;
  readonly #changed = this.own(new vscode.EventEmitter<void>());
  readonly onDidChange = this.#changed.event;
  #listing: Promise<Artifact[]> | undefined;
  #known: Artifact[] = [];
  #watcher: { dispose(): void } | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor({ log }: { log: Log }) {
    super();
    this.#log = log;
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
      this.#known = await listArtifacts(folders, {});
    } catch (error) {
      this.#log.warn(String(error));
      throw error;
    }
    return this.#known;
  }
}
