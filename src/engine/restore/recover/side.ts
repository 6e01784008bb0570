import { resolve } from 'node:path';
import * as l10n from '@vscode/l10n';
import type { HostPort } from '../../connections/types';
import { RestorePointError } from '../../errors';
import { readMajor } from '../../pgdata/restoring';
import type { Plan, Step } from '../../plan';
import { serverBuilds, type ClientBuild } from '../../tools';
import { isOurs, notOurs } from './facts';

export type SideAction =
  /** Opened for writing. */
  | { do: 'promote' }
  /** Started again after it was stopped, or the machine was: it replays to its target once more. `host` is the folder of its socket. */
  | { do: 'start'; at: HostPort }
  /** Stopped and deleted with its tablespaces; connections to it are forgotten. */
  | { do: 'remove' };

/**
 * What is done with a cluster that a recovery of ours made; nothing is done to other folders. Throws `recovery.notOurs` and
 * `tool.missing`.
 */
export async function planSideCluster(
  action: SideAction,
  directory: string,
  { builds }: { builds: ClientBuild[] },
): Promise<Plan> {
  const folder = resolve(directory);
  const build = await ownBuild(folder, { builds });
  const removes = action.do === 'remove';
  return {
    version: 1,
    kind: 'restoreFiles',
    title: titleOf(action, folder),
    connections: {},
    steps: [stepOf(action, folder, build)],
    onFailure: [],
    locks: [{ server: 'folder', database: folder }],
    destroys: removes ? [l10n.t('The cluster in {0}, with all that was changed in it.', folder)] : [],
    wayBack: removes ? l10n.t('Recover again: the backup and the archive stay.') : null,
    warnings: [],
    estimate: { bytes: null, freeBytes: null, durationMs: null, basis: '' },
    facts: { directory: folder },
  };
}

/** The server programs of a cluster that a recovery of ours made. Throws `recovery.notOurs` and `tool.missing`. */
export async function ownBuild(folder: string, { builds }: { builds: ClientBuild[] }): Promise<ClientBuild> {
  if (!(await isOurs(folder))) throw notOurs(folder);
  const major = await readMajor(folder);
  const build = serverBuilds(builds).find(({ version }) => version.major === major);
  if (build) return build;
  throw new RestorePointError({
    code: 'tool.missing',
    what: l10n.t('The server programs of PostgreSQL {0} are not here.', major ?? '?'),
    why: '',
    next: l10n.t('Install them, or name their folder with --tools.'),
  });
}

function titleOf(action: SideAction, folder: string): string {
  switch (action.do) {
    case 'promote':
      return l10n.t('Open {0} for writing', folder);
    case 'start':
      return l10n.t('Start {0}', folder);
    case 'remove':
      return l10n.t('Remove {0}', folder);
  }
}

function stepOf(action: SideAction, folder: string, build: ClientBuild): Step {
  if (action.do === 'start') {
    const { host: socketFolder, port } = action.at;
    const title = l10n.t('Start the cluster');
    return { do: 'startDirectory', title, weight: 1, build, folder, port, socketFolder, onlyOwner: true };
  }
  return {
    ...{ do: 'controlCluster', weight: 1, build, folder, action: action.do },
    title: action.do === 'remove' ? l10n.t('Stop it and delete the folder') : l10n.t('Open it for writing'),
  };
}
