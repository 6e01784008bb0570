import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import * as l10n from '@vscode/l10n';
import { partialPath } from '../../artifacts';
import type { ResolvedConnection } from '../../connections/types';
import { RestorePointError } from '../../errors';
import { readMajor } from '../../pgdata/restoring';
import { wholeChain } from '../../physical';
import type { Plan, Step, UserCheck } from '../../plan';
import { serverBuilds, type ClientBuild } from '../../tools';
import { planRestoreDirectory } from '../directory';
import { latestSettings } from '../recover/settings';
import { nameOf } from '../source';

export interface BaseRehearsalRequest {
  /** Path of the base backup; its chain lies beside it. */
  artifact: string;
  /** The user's own checks, beside those that are always made. */
  checks?: UserCheck[];
  /** Indexes are compared with their tables row by row, too. */
  heapAllIndexed?: boolean;
  /** `restore_command` of the WAL archive: recovered to its end, not only to the end of the backup. */
  restoreCommand?: string;
  /** Where the files go meanwhile. Absent: the system's folder for such things, else (where there is no room) beside the backup. */
  scratch?: string;
}

/**
 * A base backup is restored into a throwaway folder, recovered to its end and started as a cluster that nobody else reaches;
 * every database of it is checked, and all is taken away whatever happens. Throws `rehearsal.noServer` where the server programs of
 * its major release are not here, and what restoring a base backup throws.
 */
export async function planBaseRehearsal(
  request: BaseRehearsalRequest,
  context: { builds: ClientBuild[]; now: Date; signal?: AbortSignal },
): Promise<Plan> {
  const artifact = resolve(request.artifact);
  const { set } = await wholeChain(artifact, context);
  const major = set.major ?? (await readMajor(artifact, context));
  const build = serverBuilds(context.builds).find(({ version }) => version.major === major);
  if (!build) throw noServer(major);
  const name = `rp-${randomBytes(6).toString('hex')}`;
  // Short: the address of a socket has to fit into some hundred bytes.
  const folder = partialPath(join(tmpdir(), name));
  const { restored, place } = await restoredSomewhere(request, name, context);
  const data = join(place, 'data');
  const role = name.replace('-', '_');
  const stop: Step = {
    ...{ do: 'stopCluster', weight: 1000, folder },
    title: l10n.t('Remove the throwaway cluster'),
  };
  const { bytes } = restored.estimate;
  return {
    ...restored,
    kind: 'rehearsal',
    title: l10n.t('Rehearse {0}', nameOf(artifact)),
    connections: { target: connectionTo(folder, role, build) },
    steps: [
      ...restored.steps.map((step): Step => (step.do === 'checkBackup' ? { ...step, artifact } : step)),
      {
        ...{ do: 'recoverCopy', weight: 20_000_000, folder, data, build, role, artifact },
        title:
          request.restoreCommand === undefined
            ? l10n.t('Recover to the end of the backup')
            : l10n.t('Recover to the end of the archive'),
      },
      {
        ...{ do: 'checkPages', weight: Math.round((bytes ?? 0) / 4), folder, data, build },
        title: l10n.t('Check the pages of its files'),
      },
      {
        ...{ do: 'startCopy', weight: 1_000_000, folder, data, build, connection: 'target', artifact },
        title: l10n.t('Start a throwaway cluster of PostgreSQL {0}', build.version.major),
      },
      {
        ...{ do: 'checkCluster', weight: bytes ?? 1_000_000, connection: 'target', database: 'template1' },
        title: l10n.t('Check every database'),
        artifact,
        checks: request.checks ?? [],
        heapAllIndexed: request.heapAllIndexed ?? false,
      },
      stop,
      ...(place === folder
        ? []
        : [{ do: 'discard' as const, title: l10n.t('Remove its files'), weight: 1000, folder: place }]),
    ],
    onFailure: [stop],
    warnings: restored.warnings.map((warning) =>
      warning.code === 'restore.noWal'
        ? { ...warning, text: l10n.t('The backup has no WAL in it: the WAL archive is needed to try it.') }
        : warning,
    ),
    locks: [{ server: folder, database: '*' }],
    restores: artifact,
    destroys: [],
    ifItFails: l10n.t('Nothing of it stays, and the backup is as it was.'),
    wayBack: l10n.t('Nothing to take back: the cluster is made for it and removed at the end.'),
    checked: [
      {
        code: 'cluster.throwaway',
        text: l10n.t(
          'The cluster is reached by a socket in a folder of its own, by nobody else. It archives nothing, follows no publication and runs no job of an extension.',
        ),
      },
    ],
    facts: {
      ...restored.facts,
      directory: place,
      to: request.restoreCommand === undefined ? 'end' : 'latest',
    },
  };
}

/** The plan of restoring it to the first place that has the room; where none has, that is what stops it. */
async function restoredSomewhere(
  { artifact, restoreCommand, scratch }: BaseRehearsalRequest,
  name: string,
  context: { builds: ClientBuild[]; now: Date; signal?: AbortSignal },
): Promise<{ restored: Plan; place: string }> {
  // As root the server runs as another user, who mostly cannot come into the folder of the backups.
  const beside = process.getuid?.() === 0 ? [] : [dirname(resolve(artifact))];
  const roots = scratch === undefined ? [tmpdir(), ...beside] : [resolve(scratch)];
  const plans: { restored: Plan; place: string }[] = [];
  for (const root of roots) {
    const place = partialPath(join(root, name));
    const restored = await planRestoreDirectory(
      {
        artifact,
        directory: join(place, 'data'),
        ...(restoreCommand === undefined ? {} : { restoreCommand, settings: latestSettings() }),
      },
      context,
    );
    plans.push({ restored, place });
    if (!restored.warnings.some(({ code }) => code === 'space.low')) break;
  }
  return plans.at(-1)!.restored.warnings.some(({ blocks }) => blocks) ? plans[0]! : plans.at(-1)!;
}

function connectionTo(folder: string, user: string, { version }: ClientBuild): ResolvedConnection {
  return {
    ...{ id: 'throwaway', name: `PostgreSQL ${version.major}`, role: 'local' },
    settings: { hosts: [{ host: folder, port: 5432 }], user, database: 'template1', sslMode: 'disable' },
  };
}

function noServer(major: number | null): RestorePointError {
  return new RestorePointError({
    code: 'rehearsal.noServer',
    what: l10n.t('This machine has no server programs of PostgreSQL {0}.', major ?? '?'),
    why: l10n.t('Only the server of its own major release can start a base backup.'),
    next: l10n.t('Install them, or add the folder they are in.'),
    remedies: [{ do: 'installTools', with: { major: String(major ?? '') } }, { do: 'addToolFolder' }],
  });
}
