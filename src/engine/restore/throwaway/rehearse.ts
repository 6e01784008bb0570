import * as l10n from '@vscode/l10n';
import { RestorePointError } from '../../errors';
import type { Plan, Step } from '../../plan';
import { chooseServer } from '../../tools';
import { checkStep } from '../checkStep';
import { clusterDatabases, planCluster, standing } from '../cluster';
import { intoNew } from '../intoNew';
import type { RehearsalRequest } from '../rehearse';
import { needsOf } from '../requirements';
import { rolesStep } from '../roles';
import { ownDatabase } from '../script';
import { planSet } from '../set';
import { lookAtSource, nameOf } from '../source';
import type { FillRequest, PlanParts, RestoreContext, Restoring } from '../types';
import { throwaway } from './target';

/**
 * A real restore into a cluster made for it, by the server's programs of this machine: checked, then all of it is taken
 * away. Backups of several databases can be rehearsed here, too, with their roles. Throws `rehearsal.noServer` where this
 * machine has no server programs.
 */
export async function planClusterRehearsal(
  request: RehearsalRequest,
  context: Pick<RestoreContext, 'builds' | 'now' | 'signal'>,
): Promise<Plan> {
  const source = await lookAtSource(
    { artifact: request.artifact, strategy: 'new', tolerant: true },
    context.signal,
  );
  const version = source.contents?.source.serverVersion ?? source.manifest?.source.serverVersion ?? null;
  const major = version === null ? null : Number(/^\d+/.exec(version)?.[0] ?? NaN);
  const build = chooseServer(context.builds, major);
  if (!build) throw noServer();
  const { folder, connection, access, target } = throwaway(build);
  const restoring: Restoring = {
    request: {
      ...{ artifact: source.path, strategy: 'new', tolerant: true },
      allowMetaCommands: request.allowMetaCommands ?? false,
    },
    context: { ...context, access },
    ...{ source, target },
  };
  const { parts, databases } = await partsOf(restoring);
  const each = databases.map((database): Step => checkStep(source, database, parts.entries, request.checks));
  const stop: Step = {
    do: 'stopCluster',
    title: l10n.t('Remove the throwaway cluster'),
    weight: 1000,
    folder,
  };
  return {
    version: 1,
    kind: 'rehearsal',
    title: l10n.t('Rehearse {0}', nameOf(source.path)),
    connections: { target: connection },
    steps: [
      {
        ...{ do: 'startCluster', weight: 1_000_000, folder, build, connection: 'target' },
        title: l10n.t('Start a throwaway cluster of PostgreSQL {0}', build.version.major),
      },
      ...parts.steps,
      ...each,
      stop,
    ],
    onFailure: [stop],
    locks: [{ server: folder, database: '*' }],
    restores: source.path,
    destroys: [],
    wayBack: l10n.t('Nothing to take back: the cluster is made for it and removed at the end.'),
    warnings: parts.warnings.filter(({ code }) => code !== 'target.locale'),
    checked: [
      {
        code: 'cluster.throwaway',
        text: l10n.t(
          'The cluster is reached by a socket in a folder of its own, by nobody else; texts sort as in the locale C.',
        ),
      },
    ],
    estimate: { bytes: null, freeBytes: null, durationMs: null, basis: '' },
    facts: { database: databases.join(', '), artifact: source.path, entries: parts.entries, tolerant: true },
  };
}

/** How the backup gets into the cluster, and the databases that are there then. */
async function partsOf(restoring: Restoring): Promise<{ parts: PlanParts; databases: string[] }> {
  const { source, target, request } = restoring;
  if (source.recognised.kind === 'set') {
    const parts = await planSet(restoring);
    const databases = source.manifest?.files.flatMap(({ holds }) => holds ?? []) ?? [];
    const made = new Set(databases.filter((name) => name !== 'globals' && !standing.has(name)));
    return { parts, databases: [...made] };
  }
  if (source.recognised.kind === 'clusterScript') {
    const databases = clusterDatabases(source);
    return {
      parts: await planCluster(restoring),
      databases: databases.filter((name) => name !== 'template1'),
    };
  }
  const contents = source.contents!;
  const own = source.recognised.kind === 'script' ? ownDatabase(contents) : null;
  const database = own ?? contents.source.database ?? 'rehearsal';
  const roles = rolesStep([...needsOf(contents.entries).roles], target);
  const withRoles = {
    ...restoring,
    target: { ...target, roles: new Set([...target.roles, ...needsOf(contents.entries).roles]) },
  };
  const parts = await intoNew(
    { ...withRoles, request: { ...request, database } },
    { source: source as FillRequest['source'], database, firstStep: 0, own: false },
  );
  return {
    parts: { ...parts, database, steps: roles ? [roles, ...parts.steps] : parts.steps },
    databases: [database],
  };
}

function noServer(): RestorePointError {
  return new RestorePointError({
    code: 'rehearsal.noServer',
    what: l10n.t('This machine has no server programs of PostgreSQL.'),
    why: l10n.t('A throwaway cluster needs initdb and postgres beside the client programs.'),
    next: l10n.t('Install the package of the server, or rehearse on a server.'),
  });
}
