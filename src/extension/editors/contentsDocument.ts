import { basename, dirname } from 'node:path';
import { stat } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { Artifact } from '../../engine/artifacts/types';
import { Disposables } from '../dispose';
import { engine } from '../engine';
import type { Opened } from '../reader/contract';
import type { KnownServer, KnownServers } from '../knownServers';
import type { OpenDump } from '../reader/openDump';
import type { Services } from '../services';
import { knownBuilds } from '../tools';

/** A file that is being written changes often; it is looked at when it is quiet again. */
const quietMs = 300;

/** The dump behind a file: a `toc.dat` stands for its folder. */
export function dumpPath(uri: vscode.Uri): string {
  return basename(uri.fsPath) === 'toc.dat' ? dirname(uri.fsPath) : uri.fsPath;
}

/** The file that stands for a dump in an editor: for a folder its `toc.dat`. */
export async function dumpUri(path: string): Promise<vscode.Uri> {
  const uri = vscode.Uri.file(path);
  const folder = (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
  return folder ? vscode.Uri.joinPath(uri, 'toc.dat') : uri;
}

/** Major versions: of the newest client programs there are, and of the oldest that would do. */
interface OldClients {
  newest: number;
  needed: number;
}

/** One dump in one or several editors, and what is known of it. */
export class ContentsDocument extends Disposables implements vscode.CustomDocument {
  readonly uri: vscode.Uri;
  readonly path: string;
  readonly dump: OpenDump;
  readonly #changed = this.own(new vscode.EventEmitter<void>());
  /** What is known about the dump changed: its head is worded anew. */
  readonly onDidChange = this.#changed.event;
  #opened: Opened | undefined;
  #artifact: Artifact | undefined;
  readonly #knownServers: KnownServers;
  #newestServer: KnownServer | undefined;
  #oldClients: OldClients | undefined;
  /** The file as it was when it was opened. */
  #identity: string | undefined;
  #outdated = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #inspecting: ReturnType<typeof setTimeout> | undefined;
  #disposed = false;

  constructor(
    uri: vscode.Uri,
    { backups, dumps, knownServers }: Pick<Services, 'backups' | 'dumps' | 'knownServers'>,
  ) {
    super();
    this.#knownServers = knownServers;
    this.uri = uri;
    this.path = dumpPath(uri);
    const lease = this.own(dumps.use(this.path));
    this.dump = lease.dump;
    this.own(
      this.dump.onDidOpen((opened) => {
        this.#opened = opened;
        this.#changed.fire();
      }),
    );
    // Who asks again hears of it too.
    this.own(this.dump.onDidFail(() => (this.#opened = undefined)));
    this.own(
      this.dump.onDidRestart(() => {
        this.#opened = this.#artifact = this.#identity = undefined;
        this.#outdated = false;
      }),
    );
    this.own({
      dispose: () => {
        this.#disposed = true;
        clearTimeout(this.#timer);
        clearTimeout(this.#inspecting);
      },
    });
    this.#watch();
    // Verified in the tree, or by a job.
    this.own(backups.onDidChange(() => this.#inspectSoon()));
    void this.#watchEvidence();
  }

  get opened(): Opened | undefined {
    return this.#opened;
  }

  /** Manifest and evidence, once known. */
  get artifact(): Artifact | undefined {
    return this.#artifact;
  }

  /** The newest server of the connections, as far as their versions are known. */
  get newestServer(): KnownServer | undefined {
    return this.#newestServer;
  }

  /** Client programs that are too old for this archive, where those there are are known without looking. */
  get oldClients(): OldClients | undefined {
    return this.#oldClients;
  }

  /** Whether the file changed since it was opened. */
  get outdated(): boolean {
    return this.#outdated;
  }

  /** Opens the dump, at the first call; throws why it cannot be. */
  async open(signal?: AbortSignal): Promise<Opened> {
    this.#identity ??= await identityOf(this.uri);
    this.#opened = await this.dump.call('open', null, signal);
    await this.inspect();
    return this.#opened;
  }

  #inspectSoon(): void {
    clearTimeout(this.#inspecting);
    this.#inspecting = setTimeout(() => {
      if (this.#opened) void this.inspect();
    }, quietMs);
  }

  /** Looks for manifest and evidence, and what there is to restore it with. */
  async inspect(): Promise<void> {
    const { inspectArtifact, tools } = await engine();
    const before = this.#artifact?.evidence?.at;
    this.#artifact = await inspectArtifact(this.path).catch(() => undefined);
    // Rows were counted: by this page's own thread, another window or the command line.
    if (before !== this.#artifact?.evidence?.at && this.#opened?.complete && !this.#disposed)
      void this.dump.call('takeCounts', null).catch(() => undefined);
    this.#newestServer = await this.#knownServers.newest().catch(() => undefined);
    const newest = knownBuilds()[0]?.version.major;
    const version = this.#opened?.facts?.archiveVersion;
    const needed = newest !== undefined && version ? (await tools()).readerOf(version) : 0;
    this.#oldClients = newest !== undefined && newest < needed ? { newest, needed } : undefined;
    this.#changed.fire();
  }

  #watch(): void {
    this.#watchFile(this.uri.fsPath, () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => void this.#look(), quietMs);
    });
  }

  /** The command line and other windows verify too. */
  async #watchEvidence(): Promise<void> {
    const { evidenceFiles } = await engine();
    for (const file of await evidenceFiles(this.path).catch(() => []))
      if (!this.#disposed) this.#watchFile(file, () => this.#inspectSoon());
  }

  #watchFile(path: string, look: () => void): void {
    const pattern = new vscode.RelativePattern(vscode.Uri.file(dirname(path)), escapeGlob(basename(path)));
    const watcher = this.own(vscode.workspace.createFileSystemWatcher(pattern));
    for (const event of [watcher.onDidChange, watcher.onDidCreate, watcher.onDidDelete])
      this.own(event(look));
  }

  async #look(): Promise<void> {
    if (this.#identity === undefined || (await identityOf(this.uri)) === this.#identity) return;
    this.#outdated = true;
    this.#changed.fire();
  }
}

async function identityOf(uri: vscode.Uri): Promise<string> {
  const facts = await stat(uri.fsPath).catch(() => undefined);
  return facts ? `${facts.size}:${facts.mtimeMs}:${facts.ino}` : 'gone';
}

function escapeGlob(name: string): string {
  return name.replace(/[[\]{}*?]/g, '[$&]');
}
