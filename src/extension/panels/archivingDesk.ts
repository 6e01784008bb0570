import { isAbsolute } from 'node:path';
import type { Client } from 'pg';
import * as vscode from 'vscode';
import type { Connection } from '../../engine/connections/types';
import type { ArchivingHost, ArchivingShown } from '../../shared/archivingPage';
import type { Handlers } from '../../shared/rpc';
import { isQuiet } from '../cancel';
import { confirmDestructive } from '../commands/confirm';
import { receiveWal } from '../commands/connections/receiveWal';
import { roleName } from '../connections';
import { engine, type Engine } from '../engine';
import { duration } from '../format';
import type { Services } from '../services';

type Physical = Awaited<ReturnType<Engine['physical']>>;
type Looked = Awaited<ReturnType<Physical['lookIntoArchive']>>;

/** A large archive takes a while to list: it is looked into less often than the server is asked. */
const lookEveryMs = 60_000;

/** Everything the page on WAL archiving asks for. */
export class ArchivingDesk {
  readonly #services: Services;
  readonly #connection: Connection;
  readonly #onTesting: (text: string) => void;
  #command: string | undefined;
  #looked: (Looked & { folder: string; at: number }) | undefined;

  constructor(services: Services, connection: Connection, onTesting: (text: string) => void) {
    this.#services = services;
    this.#connection = connection;
    this.#onTesting = onTesting;
  }

  handlers(): Handlers<ArchivingHost> {
    const { archives, ask } = this.#services;
    const { id, name } = this.#connection;
    return {
      ready: async () => {
        const { physical } = await engine();
        return { shown: await this.read(), texts: (await physical()).archivingTexts() };
      },
      refresh: () => this.#anew(),
      useFolder: async (path) => {
        if (!isAbsolute(path.trim())) throw await notAbsolute(path);
        await archives.keep(id, path.trim());
        return await this.#anew();
      },
      browse: async () => {
        const folder = await quietly(
          ask.file({
            id: 'archiving.folder',
            title: vscode.l10n.t('WAL Archive of {0}', name),
            button: vscode.l10n.t('Choose'),
            what: 'folder',
          }),
        );
        if (folder !== undefined) await archives.keep(id, folder);
        return await this.#anew();
      },
      useCommand: (command) => {
        this.#command = command.trim() || undefined;
        return this.read();
      },
      setUp: async () => {
        await quietly(this.#setUp());
        return await this.#anew();
      },
      test: (_nothing, signal) => this.#test(signal),
      receive: async () => {
        await quietly(receiveWal(this.#services, this.#connection, archives.folderOf(id)));
      },
      showJob: async (job) => {
        await vscode.commands.executeCommand('restorePoint.showJobLog', { job });
      },
      stopJob: async (job) => {
        await vscode.commands.executeCommand('restorePoint.cancelJob', { job });
      },
      copy: async (text) => {
        await vscode.env.clipboard.writeText(text);
      },
    };
  }

  /** @param interactive whether a password may be asked for */
  async read({ interactive } = { interactive: true }): Promise<ArchivingShown> {
    const { archives, jobs } = this.#services;
    const { id, name, role, settings } = this.#connection;
    const folder = archives.folderOf(id);
    const looked = folder === null ? null : await this.#look(folder);
    const { view, commandNote, systemIdentifier } = await this.#page(interactive);
    if (systemIdentifier !== null && (await archives.agree(id, systemIdentifier)))
      return await this.read({ interactive });
    const running = (await jobs.list()).filter(
      ({ plan, state }) =>
        plan.kind === 'receiveWal' &&
        plan.connections.source?.id === id &&
        /^(?:queued|running)$/.test(state),
    );
    return {
      title: vscode.l10n.t('WAL archiving of {0}', name),
      place: [...(settings.hosts ?? []).map(({ host, port }) => `${host}:${port}`), roleName(role)].join(
        ' · ',
      ),
      view,
      folder,
      folderProblem: looked?.problem ?? null,
      commandNote,
      receiving: running.map((job) => ({ job: job.id, what: job.what ?? job.reason ?? '' })),
    };
  }

  async #anew(): Promise<ArchivingShown> {
    this.#looked = undefined;
    return await this.read();
  }

  async #look(folder: string): Promise<Looked> {
    const known = this.#looked;
    if (known?.folder === folder && performance.now() - known.at < lookEveryMs) return known;
    const { physical } = await engine();
    const looked = await (await physical()).lookIntoArchive(folder, this.#services.archives.cli);
    this.#looked = { ...looked, folder, at: performance.now() };
    return looked;
  }

  async #page(interactive = true): ReturnType<Physical['readArchivingPage']> {
    const { archives } = this.#services;
    const { physical } = await engine();
    const { readArchivingPage } = await physical();
    return await this.#session(
      (client) =>
        readArchivingPage(client, {
          folder: archives.folderOf(this.#connection.id),
          archive: this.#looked?.archive ?? null,
          cli: archives.cli,
          command: this.#command,
        }),
      { interactive },
    );
  }

  async #session<T>(
    work: (client: Client) => Promise<T>,
    { interactive = true, signal }: { interactive?: boolean; signal?: AbortSignal } = {},
  ): Promise<T> {
    const { withClient } = await engine();
    return await this.#services.sessions.use(
      this.#connection,
      (access) =>
        withClient(access, access.loginDatabase ?? access.connection.settings.database, work, {
          ...(signal ? { signal } : {}),
        }),
      { interactive },
    );
  }

  async #setUp(): Promise<void> {
    const { physical } = await engine();
    const { applyArchiving } = await physical();
    const { setup } = await this.#page();
    if (!setup?.statements.length) return;
    await confirmDestructive(this.#services, {
      connection: this.#connection,
      database: this.#connection.settings.database ?? 'postgres',
      message: vscode.l10n.t('Set up WAL archiving of {0}?', this.#connection.name),
      detail: [
        ...setup.statements.map((statement) => `${statement};`),
        ...setup.notices.map(({ text }) => text),
        ...(setup.restart ? [vscode.l10n.t('After that the server has to be restarted.')] : []),
      ],
      yes: vscode.l10n.t('Set Up'),
    });
    await this.#session((client) => applyArchiving(client, setup));
  }

  async #test(signal: AbortSignal): Promise<string> {
    const { physical } = await engine();
    const { testArchiving } = await physical();
    const folder = this.#looked?.archive ? this.#looked.folder : undefined;
    const { segment, archivedMs } = await this.#session(
      (client) =>
        testArchiving(client, {
          signal,
          onProgress: this.#onTesting,
          ...(folder === undefined ? {} : { folder }),
        }),
      { signal },
    );
    this.#looked = undefined;
    return folder === undefined
      ? vscode.l10n.t('The server archived {0} in {1}.', segment, duration(archivedMs))
      : vscode.l10n.t('{0} was archived in {1}, and is in the folder, whole.', segment, duration(archivedMs));
  }
}

/** Closing a question is no failure. */
async function quietly<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (isQuiet(error)) return undefined;
    throw error;
  }
}

async function notAbsolute(path: string): Promise<Error> {
  const { RestorePointError } = await engine();
  return new RestorePointError({
    code: 'archiving.folder',
    what: vscode.l10n.t('"{0}" is no whole path of a folder.', path),
    why: vscode.l10n.t('The server runs its command somewhere else.'),
    next: vscode.l10n.t('Write the path from the root on.'),
  });
}
