import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import type { RecoveryMap, TargetChoice, WalEvent } from '../../engine/physical';
import type { Plan } from '../../engine/plan';
import type { RecoveryRequest } from '../../engine/restore';
import type { ClusterLine, RecoverDraft, RecoverHost } from '../../shared/recoverPage';
import type { Handlers } from '../../shared/rpc';
import { Dismissed } from '../cancel';
import { startPlan } from '../commands/startPlan';
import { engine } from '../engine';
import { listedFolders } from '../folders';
import type { Services } from '../services';
import { clientBuilds } from '../tools';
import { eventLine } from './recoverEvents';
import { keyOf, lineOf } from './recoverLines';
import { choiceOf, reached } from './recoverReach';
import { firstDraft, isOf, nameOf, sourceOf, type RecoverSubject } from './recoverSubject';
import { recoverTexts } from './recoverTexts';
import { sideNames } from './sideNames';

/** Events shown at most: a page is no log. */
const mostEvents = 500;
/** Folder of a socket: with the socket's own name the system takes no more than 107 bytes. */
const longestSocketFolder = 88;

/** What the recovery page calls: what there is to recover from is read once, and anew when that is asked. */
export function recoverHandlers(
  services: Services,
  subject: RecoverSubject,
  onScanned: (share: number) => void,
): Handlers<RecoverHost> {
  let maps: RecoveryMap[] = [];
  const mapOf = (cluster: string): RecoveryMap | undefined => maps.find((map) => keyOf(map) === cluster);

  const backups = async (): Promise<string[]> => {
    const folders = await listedFolders();
    const own = subject.artifact === undefined ? [] : [dirname(subject.artifact)];
    return [...new Set([...folders, ...own])];
  };

  const read = async (signal?: AbortSignal): Promise<ClusterLine[]> => {
    const { readRecoveryMaps } = await engine();
    const folders = Object.entries(services.walFolders.all());
    const present = await Promise.all(folders.map(([, path]) => isFolder(path)));
    const places = {
      backups: await backups(),
      wal: [
        ...new Set([
          ...(subject.wal === undefined ? [] : [subject.wal]),
          ...folders.filter((_, at) => present[at]).map(([, path]) => path),
        ]),
      ],
    };
    maps = await readRecoveryMaps(places, signal ? { signal } : {});
    const { server } = subject;
    return await Promise.all(
      maps.map((map) => {
        const at = folders.findIndex(([identifier]) => identifier === map.systemIdentifier);
        return lineOf(map, {
          name: isOf(server, map) ? server.name : sourceOf(services, map),
          missing: at < 0 || present[at] ? null : folders[at]![1],
        });
      }),
    );
  };

  const request = async (draft: RecoverDraft): Promise<RecoveryRequest> => {
    const map = mapOf(draft.cluster);
    const { engineRequest, socketFolder } = requestOf(draft);
    const { newConnectionId } = await engine();
    return {
      ...engineRequest,
      backups: await backups(),
      ...(map?.archive == null ? {} : { wal: map.archive }),
      ...(socketFolder === null ? {} : { socketFolder }),
      keepAs: { id: newConnectionId(), ...sideNames(nameOf(services, subject, map), draft) },
    };
  };

  const planned = async (draft: RecoverDraft, signal?: AbortSignal): Promise<Plan> => {
    const { planRecovery, walFetchCommand } = await engine();
    const asked = await request(draft);
    const fetchCommand = await walFetchCommand(asked.wal ?? '', { cli: services.cli });
    return await planRecovery(asked, {
      builds: await clientBuilds(signal),
      now: new Date(),
      fetchCommand: () => fetchCommand,
      ...(signal ? { signal } : {}),
    });
  };

  return {
    ready: async () => {
      const clusters = await read();
      return {
        clusters,
        draft: await firstDraft(services, subject, maps),
        texts: recoverTexts(),
        locale: vscode.env.language,
        forward: false,
      };
    },
    refresh: async (_, signal) => await read(signal),
    chooseWal: async (cluster, signal) => {
      const start = services.walFolders.of(cluster);
      let folder: string;
      try {
        folder = await services.ask.file({
          id: 'recover.wal',
          title: vscode.l10n.t('Folder of the WAL archive'),
          button: vscode.l10n.t('Choose'),
          what: 'folder',
          ...(start === undefined ? {} : { start }),
        });
      } catch (error) {
        if (error instanceof Dismissed) return null;
        throw error;
      }
      await rememberWal(services, cluster, folder, signal);
      return await read(signal);
    },
    reach: async (draft) => await reached(mapOf(draft.cluster), draft),
    plan: async (draft, signal) => {
      const { recoverCommand, viewPlan } = await engine();
      const plan = await planned(draft, signal);
      return await viewPlan(plan, await recoverCommand(await request(draft)));
    },
    events: async ({ cluster, timeline, from, to, onlyLosses }, signal) => {
      const map = mapOf(cluster);
      const { scanWalFolder } = await engine();
      if (map?.archive == null) return { events: [], cut: false };
      const events: WalEvent[] = [];
      let cut = false;
      await scanWalFolder(
        map.archive,
        {
          ...(timeline === null ? {} : { timeline }),
          ...{ from: { time: from }, to: { time: to }, losses: onlyLosses },
        },
        (event) => {
          events.push(event);
          if (events.length <= mostEvents) return;
          events.shift();
          cut = true;
        },
        {
          sets: map.marks.map(({ set }) => set),
          signal,
          onProgress: ({ share }) => onScanned(share),
        },
      );
      return { events: await Promise.all(events.map(eventLine)), cut };
    },
    browse: async (present) => {
      try {
        return await services.ask.file({
          id: 'recover.folder',
          title: vscode.l10n.t('Data directory of the side cluster'),
          button: vscode.l10n.t('Choose'),
          what: 'folder',
          start: dirname(present),
        });
      } catch (error) {
        if (error instanceof Dismissed) return null;
        throw error;
      }
    },
    run: async (draft) => {
      const plan = await planned(draft);
      try {
        await startPlan(services, plan, { connection: plan.connections.recovered!, database: 'postgres' });
        return true;
      } catch (error) {
        if (error instanceof Dismissed) return false;
        throw error;
      }
    },
    copy: async (text) => {
      await vscode.env.clipboard.writeText(text);
    },
  };
}

/** The archive of a cluster is remembered when it is one, and of that cluster. Throws `recovery.otherWal`. */
async function rememberWal(
  services: Services,
  cluster: string,
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  const { readWalFolder, RestorePointError } = await engine();
  const archive = await readWalFolder(folder, { signal });
  const own = archive.systemIdentifier ?? cluster;
  if (archive.segments === 0 || (cluster !== '' && own !== cluster))
    throw new RestorePointError({
      code: 'recovery.otherWal',
      what: vscode.l10n.t('"{0}" is no WAL archive of this cluster.', folder),
      why:
        archive.segments === 0
          ? vscode.l10n.t('There is no segment of WAL in it.')
          : vscode.l10n.t('Its segments are of cluster {0}, the backups of {1}.', own, cluster),
      next: vscode.l10n.t('Choose the folder that the archive_command of this server writes to.'),
    });
  await services.walFolders.remember(own, folder);
}

function requestOf(draft: RecoverDraft): {
  engineRequest: TargetChoice & Pick<RecoveryRequest, 'directory' | 'port' | 'user' | 'tablespaces'>;
  socketFolder: string | null;
} {
  const { port, user, tablespaces } = draft;
  const directory = draft.directory.trim();
  const isLong = Buffer.byteLength(directory) > longestSocketFolder;
  return {
    engineRequest: { ...choiceOf(draft), directory, port, user, tablespaces },
    socketFolder: isLong ? join(tmpdir(), `restore-point-${port}`) : null,
  };
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() ?? false;
}
