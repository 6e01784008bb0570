import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import type { MapMark, RecoveryMap, TargetChoice } from '../../engine/physical';
import type { Plan } from '../../engine/plan';
import type { RecoveryRequest } from '../../engine/restore';
import type {
  ClusterLine,
  EventLine,
  RecoverDraft,
  RecoverHost,
  Reached,
  RecoveryTarget,
} from '../../shared/recoverPage';
import type { Handlers } from '../../shared/rpc';
import { Dismissed } from '../cancel';
import { startPlan } from '../commands/startPlan';
import { engine } from '../engine';
import { backupFolder, listedFolders } from '../folders';
import { oneLine } from '../format';
import type { Services } from '../services';
import { clientBuilds } from '../tools';
import { eventLine } from './recoverEvents';
import { keyOf, lineOf } from './recoverLines';
import { recoverTexts } from './recoverTexts';
import { clockText, sideNames } from './sideNames';

/** What the page was opened for. */
export interface RecoverSubject {
  /** Path of a base backup. */
  artifact?: string;
  /** A WAL archive besides those that are remembered. */
  wal?: string;
  /** A server; its system identifier where it could be asked. */
  server?: { systemIdentifier: string | null; name: string };
  draft?: Partial<RecoverDraft>;
}

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
    reach: async (draft) => await answer(mapOf(draft.cluster), draft),
    plan: async (draft, signal) => {
      const { recoverCommand, viewPlan } = await engine();
      const plan = await planned(draft, signal);
      return await viewPlan(plan, await recoverCommand(await request(draft)));
    },
    events: async ({ cluster, timeline, from, to, onlyLosses }, signal) => {
      const map = mapOf(cluster);
      const { scanWalFolder } = await engine();
      if (map?.archive == null) return { events: [], cut: false };
      const events: EventLine[] = [];
      let cut = false;
      await scanWalFolder(
        map.archive,
        {
          ...(timeline === null ? {} : { timeline }),
          ...{ from: { time: from }, to: { time: to }, losses: onlyLosses },
        },
        (event) => {
          events.push(eventLine(event));
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
      return { events, cut };
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

async function answer(map: RecoveryMap | undefined, draft: RecoverDraft): Promise<Reached> {
  const { reachOf, readBaseFacts } = await engine();
  const reach = await reachOf(map?.windows ?? [], choiceOf(draft));
  if (reach.window === null) {
    const { error, before, after } = reach;
    const nearest: Reached['nearest'] = [];
    if (before) {
      const { set, timeline, from, to } = before.window;
      const isEnd = from.lsn === to.lsn;
      nearest.push({
        label: isEnd
          ? vscode.l10n.t('Take the End of the Backup, {0}', clockText(from.time))
          : vscode.l10n.t('Take All WAL before It, until {0}', clockText(to.time)),
        set: {
          target: { kind: isEnd ? 'immediate' : 'latest' },
          from: set.where,
          timeline,
          exclusive: false,
        },
      });
    }
    if (after) {
      const { set, timeline, from } = after.window;
      nearest.push({
        label: vscode.l10n.t('Take the End of the Backup, {0}', clockText(from.time)),
        set: { target: { kind: 'immediate' }, from: set.where, timeline, exclusive: false },
      });
    }
    return { text: null, error: { ...error, remedies: [] }, nearest, tablespaces: [] };
  }
  const mark = map!.marks.find(({ set }) => set.where === reach.window.set.where)!;
  const { tablespaces } = await readBaseFacts(mark.set.where);
  return {
    text: [
      vscode.l10n.t('from {0}', chainText(map!, mark)),
      ...(draft.target.kind === 'xid' || draft.target.kind === 'name'
        ? [vscode.l10n.t('where it lies is only known when it is met')]
        : []),
    ].join('; '),
    error: null,
    nearest: [],
    tablespaces: tablespaces.map(({ oid, location }) => ({
      oid: String(oid),
      label: oneLine(location || String(oid)),
    })),
  };
}

/** `the full backup of 09:00:12 + 2`. */
function chainText(map: RecoveryMap, { chain, end }: MapMark): string {
  const first = map.marks.find(({ set }) => set.where === chain[0])?.end ?? end;
  const text = vscode.l10n.t('the full backup of {0}', clockText(first.time));
  return chain.length > 1 ? `${text} + ${chain.length - 1}` : text;
}

function choiceOf({ target, exclusive, timeline, from }: RecoverDraft): TargetChoice {
  return {
    ...{ target, exclusive },
    ...(timeline === null ? {} : { timeline }),
    ...(from === null ? {} : { from }),
  };
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

/** What the page begins with: the end of what can be reached, into a folder that is free. */
async function firstDraft(
  services: Services,
  subject: RecoverSubject,
  maps: readonly RecoveryMap[],
): Promise<RecoverDraft> {
  const { artifact, server, draft } = subject;
  const map =
    maps.find(({ marks }) => marks.some(({ set }) => set.where === artifact)) ??
    maps.find((one) => isOf(server, one)) ??
    maps.find((one) => server && sourceOf(services, one) === server.name) ??
    maps[0];
  const { freePort } = await engine();
  const all = await services.connections.list();
  const taken = all.flatMap(({ recovered, settings }) =>
    recovered ? (settings.hosts ?? []).map(({ port }) => port) : [],
  );
  const own = map?.windows.filter(({ set }) => artifact === undefined || set.where === artifact) ?? [];
  const last = own
    .map(({ to }) => to.time)
    .sort()
    .at(-1);
  const target: RecoveryTarget =
    last === undefined ? { kind: 'latest' } : { kind: 'time', time: new Date(last).toISOString() };
  return {
    ...{ cluster: map ? keyOf(map) : '', target, exclusive: false, called: null },
    ...{ timeline: null, from: null },
    directory: await freeFolder(nameOf(services, subject, map)),
    port: await freePort(new Set(taken)),
    ...{ user: 'postgres', tablespaces: {} },
    ...draft,
  };
}

/** Beside the backups, not among them: a data directory is none. */
async function freeFolder(name: string): Promise<string> {
  const parent = join(dirname(await backupFolder()), 'restore-point-recovered');
  const base = name.replace(/[^\p{L}\p{N}_-]+/gu, '-').replace(/^-+|-+$/g, '') || 'cluster';
  for (let number = 1; ; number++) {
    const path = join(parent, number === 1 ? base : `${base}-${number}`);
    if (!(await stat(path).catch(() => null))) return path;
  }
}

function nameOf(services: Services, { server }: RecoverSubject, map: RecoveryMap | undefined): string {
  if (!map || isOf(server, map)) return server?.name ?? vscode.l10n.t('cluster');
  return sourceOf(services, map) ?? vscode.l10n.t('cluster');
}

function isOf(
  server: RecoverSubject['server'],
  { systemIdentifier }: RecoveryMap,
): server is NonNullable<RecoverSubject['server']> {
  return (
    server !== undefined && server.systemIdentifier !== null && server.systemIdentifier === systemIdentifier
  );
}

/** The connection that a backup of the cluster was taken over. */
function sourceOf({ backups }: Services, { marks }: RecoveryMap): string | null {
  const own = new Set(marks.map(({ set }) => set.where));
  return (
    backups.known.find(({ path, source }) => own.has(path) && source.connection !== null)?.source
      .connection ?? null
  );
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() ?? false;
}
