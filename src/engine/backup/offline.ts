import { access, constants, readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import * as l10n from '@vscode/l10n';
import { explainFileError } from '../fileFailure';
import {
  linkedTablespaces,
  readClusterState,
  sourceBytes,
  tablespacesBeside,
  versionFolder,
  type ClusterState,
} from '../pgdata/restoring';
import type { Plan, Step, Warning } from '../plan';
import { serverBuilds } from '../tools';
import type { ClientBuild } from '../tools/types';
import { assembleParts } from './assemble';
import { checkOutside, checkPlace, pathOf } from './base/place';
import { estimate, type Expected } from './estimate';
import type { BackupMethod, FolderContext, OfflineRequest } from './types';

/**
 * What copying a cluster that is shut down will do. Its control file and its process are looked at now, and again before
 * and after the copy. Throws `pgdata.unreadable`, `folder.unwritable`, `file.io`.
 */
export async function planOffline(request: OfflineRequest, context: FolderContext): Promise<Plan> {
  const directory = resolve(request.directory);
  const { builds, signal } = context;
  let state: ClusterState;
  try {
    await access(directory, constants.R_OK | constants.X_OK);
    state = await readClusterState(directory);
  } catch (error) {
    throw explainFileError(error, directory);
  }
  const { control, major, server } = state;
  const tablespaces = await linkedTablespaces(directory);
  const path = pathOf(request, context, basename(directory), 'basebackup-plain');
  const folder = await checkPlace(path);
  const spaces = tablespaces.map(({ oid, location }) => ({ oid, from: location }));
  const bytes = await sourceBytes(directory, spaces, {
    // It may be running now, and be stopped first.
    ...{ online: server !== null, versionFolder: versionFolder(major, control), signal },
  });
  const stops = request.stop === true && server !== null;
  const build = stops ? await buildOf(directory, major, builds) : null;
  const again = { build: build!, directory };
  const start: Step = { do: 'startServer', title: l10n.t('Start the server again'), weight: 1, ...again };
  const verify = request.verify ?? 'checksum';
  const expected: Expected = {
    method: 'offline',
    format: 'basebackup-plain',
    compression: 'none',
    compressionLabel: 'none',
    database: '*',
    relations: [{ schema: '', name: '', bytes, rows: null }],
    freeBytes: folder.freeBytes,
  };
  return assembleParts({
    kind: 'backup',
    title: l10n.t('Copy of the cluster in {0}', directory),
    connections: {},
    steps: [
      ...(build
        ? [{ do: 'stopServer', title: l10n.t('Stop the server'), weight: 1, ...again } satisfies Step]
        : []),
      { do: 'copyCluster', title: l10n.t('Copy the files of the cluster'), weight: bytes, directory },
      ...(build ? [start] : []),
    ],
    onFailure: build ? [start] : [],
    locks: [{ server: 'folder', database: directory }],
    artifact: {
      ...{ method: 'offline', format: 'basebackup-plain', compression: 'none', path },
      members: [
        { path, holds: 'cluster' },
        ...(tablespaces.length ? [{ path: tablespacesBeside(path), holds: 'tablespaces' }] : []),
      ],
      options: { directory, ...(stops ? { stop: true } : {}) },
      notes: request.notes ?? '',
      connectionName: '',
      database: '*',
      base: {
        ...{ level: 'full', parent: null, walMethod: 'fetch', databases: [] },
        tablespaces: tablespaces.map((space) => ({ ...space, name: '' })),
      },
    },
    verify,
    warnings: [
      ...folder.warnings,
      ...(await checkOutside(path, [directory, ...spaces.map(({ from }) => from)])),
      ...checkState(state, request, directory, build),
    ],
    estimate: estimate(expected, []),
    facts: { level: 'full', directory, systemIdentifier: control.systemIdentifier, state: control.state },
  });
}

function checkState(
  { server, atRest, control, major }: ClusterState,
  { stop }: OfflineRequest,
  directory: string,
  build: ClientBuild | null,
): Warning[] {
  if (atRest) return [];
  const warning = (code: string, text: string, blocks = true): Warning[] => [
    { code: `offline.${code}`, text, ...(blocks ? { blocks } : {}) },
  ];
  if (server === null)
    return warning(
      'notClean',
      l10n.t(
        'The cluster was not shut down as it should be (its control file says: {0}): its files alone are not a whole one. Start it, so that it recovers, and stop it with pg_ctl stop.',
        control.state,
      ),
    );
  if (!stop)
    return warning(
      'running',
      l10n.t(
        'The server of this cluster runs (process {0}), and a copy of its files would be worth nothing. Stop it first (pg_ctl stop -D {1}), have it stopped and started again with --stop, or make a backup while it runs with --method basebackup.',
        server,
        directory,
      ),
    );
  return build
    ? warning(
        'stops',
        l10n.t(
          'The server is stopped for as long as the copy takes; its sessions are ended. It is started again afterwards, also when the copy fails.',
        ),
        false,
      )
    : warning(
        'noServer',
        l10n.t(
          'The cluster is of PostgreSQL {0}, and the server programs of that release are not here: pg_ctl of no other can stop it. Install them, name their folder with --tools, or stop it by hand.',
          major,
        ),
      );
}

/** The very programs that it runs by, else others of its release; null where there are none. */
async function buildOf(
  directory: string,
  major: number,
  builds: readonly ClientBuild[],
): Promise<ClientBuild | null> {
  const fitting = serverBuilds(builds).filter(({ version }) => version.major === major);
  const line = await readFile(join(directory, 'postmaster.opts'), 'utf8').catch(() => '');
  const own = dirname(line.split(' "')[0]!);
  return fitting.find(({ folder }) => folder === own) ?? fitting[0] ?? null;
}

export const offline: BackupMethod<OfflineRequest, FolderContext> = {
  method: 'offline',
  label: () => l10n.t('Stopped cluster, its files'),
  summary: () => l10n.t('All files of a cluster of this machine that is shut down; no connection is needed.'),
  formats: ['basebackup-plain'],
  tool: null,
  plan: planOffline,
};
