import { stat } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { BaseBackupAction, BaseBackupHost, BaseBackupPage } from '../../shared/baseBackupPage';
import { RpcError, type Handlers } from '../../shared/rpc';
import { isQuiet } from '../cancel';
import { Disposables } from '../dispose';
import { engine } from '../engine';
import type { OpenDump } from '../reader/openDump';
import { revealer } from '../revealer';
import type { Services } from '../services';
import { showError } from '../showError';
import { baseBackupTexts } from './baseBackupTexts';
import { baseBackupView, titleOf, type BaseBackupState } from './baseBackupView';
import { openPage, pageOptions } from './page';

const open = new Map<string, OpenPage>();

interface OpenPage {
  panel: vscode.WebviewPanel;
  handlers: Handlers<BaseBackupHost>;
}

/**
 * Opens the page of a base backup, or shows it where it is open; gives what the page calls.
 *
 * @param path its folder
 */
export async function openBaseBackup(services: Services, path: string): Promise<Handlers<BaseBackupHost>> {
  const there = open.get(path);
  if (there) {
    there.panel.reveal();
    return there.handlers;
  }
  const { inspectArtifact, toFacts } = await engine();
  const artifact = await inspectArtifact(path);
  const panel = vscode.window.createWebviewPanel(
    'restorePoint.baseBackup',
    titleOf(artifact),
    vscode.ViewColumn.Active,
    pageOptions(services.extensionUri),
  );
  const backup: ShownBackup = new ShownBackup(services, {
    ...{ path, artifact, contents: null, problem: null },
    ...{ archive: undefined, known: services.backups.known },
  });
  const handlers: Handlers<BaseBackupHost> = {
    ready: () => ({
      view: baseBackupView(backup.state),
      texts: baseBackupTexts(),
      locale: vscode.env.language,
    }),
    act: (action) => backup.act(action),
    open: async (other) => {
      await vscode.commands.executeCommand('restorePoint.openContents', { artifact: other });
    },
  };
  const page = openPage<BaseBackupHost, BaseBackupPage>(
    panel.webview,
    services.extensionUri,
    'basebackup',
    handlers,
    toFacts,
  );
  backup.onDidChange(
    () => void page.rpc.call('changed', baseBackupView(backup.state)).catch(() => undefined),
  );
  backup.onDidGo(() => panel.dispose());
  open.set(path, { panel, handlers });
  panel.onDidDispose(() => {
    open.delete(path);
    backup.dispose();
    page.dispose();
  });
  void backup.read();
  return handlers;
}

/** One base backup and what is known of it. Its manifest may be long: it is read in the reader's own thread. */
class ShownBackup extends Disposables {
  readonly #services: Services;
  readonly #changed = this.own(new vscode.EventEmitter<void>());
  readonly onDidChange = this.#changed.event;
  readonly #gone = this.own(new vscode.EventEmitter<void>());
  /** It was deleted. */
  readonly onDidGo = this.#gone.event;
  readonly #dump: OpenDump;
  #reading: AbortController | undefined;
  state: BaseBackupState;

  constructor(services: Services, state: BaseBackupState) {
    super();
    this.#services = services;
    this.state = state;
    // One thread as long as the page is there.
    this.#dump = this.own(services.dumps.use(state.path)).dump;
    this.own({ dispose: () => this.#reading?.abort() });
    // Verified, rehearsed, deleted, or another backup of its chain came.
    this.own(services.backups.onDidChange(() => void this.read()));
  }

  /** Reads all of it anew; what was known is shown until then. */
  async read(): Promise<void> {
    this.#reading?.abort();
    const { signal } = (this.#reading = new AbortController());
    const { path } = this.state;
    const { inspectArtifact, toFacts } = await engine();
    const { backups, walFolders } = this.#services;
    if (!(await stat(path).catch(() => null))) return this.#gone.fire();
    try {
      const [artifact, known] = [await inspectArtifact(path), await backups.list().catch(() => [])];
      const cluster = artifact.manifest?.source.systemIdentifier ?? this.state.contents?.set.systemIdentifier;
      let archive = cluster == null ? undefined : walFolders.of(cluster);
      let contents = await this.#dump.call('baseContents', { wal: archive ?? null }, signal);
      // Of a backup by others its own files tell the cluster.
      const own = contents.set.systemIdentifier;
      if (archive === undefined && own !== null && walFolders.of(own) !== undefined) {
        archive = walFolders.of(own);
        contents = await this.#dump.call('baseContents', { wal: archive ?? null }, signal);
      }
      this.#show({ artifact, known, contents, archive, problem: null });
    } catch (error) {
      if (!signal.aborted && !isQuiet(error))
        this.#show({ contents: null, problem: error instanceof RpcError ? error.facts : toFacts(error) });
    }
  }

  #show(parts: Partial<BaseBackupState>): void {
    this.state = { ...this.state, ...parts };
    this.#changed.fire();
  }

  async act(action: BaseBackupAction): Promise<void> {
    const { path } = this.state;
    const target = { artifact: path };
    const run = async (command: string): Promise<void> =>
      void (await vscode.commands.executeCommand(`restorePoint.${command}`, target));
    switch (action) {
      case 'restore':
        return await run('restoreBaseBackup');
      case 'combine':
        return await run('combineBaseBackups');
      case 'delete':
        return await run('deleteBackup');
      case 'verifyChecksum':
      case 'verifyContents':
      case 'recover':
      case 'rehearse':
      case 'showManifest':
        return await run(action);
      case 'reveal':
        await revealer(vscode.Uri.file(path))?.reveal();
        return;
      case 'refresh':
        return await this.read();
      case 'chooseArchive':
        return await this.#chooseArchive();
    }
  }

  async #chooseArchive(): Promise<void> {
    const { ask, walFolders, log } = this.#services;
    const cluster = this.state.contents?.set.systemIdentifier;
    try {
      const folder = await ask.file({
        id: 'wal.folder',
        title: vscode.l10n.t('WAL Archive of This Cluster'),
        button: vscode.l10n.t('Choose'),
        what: 'folder',
        ...(this.state.archive === undefined ? {} : { start: this.state.archive }),
      });
      if (cluster) await walFolders.remember(cluster, folder);
      await this.read();
    } catch (error) {
      if (!isQuiet(error)) await showError(error, log);
    }
  }
}
