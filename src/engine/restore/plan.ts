import { resolve } from 'node:path';
import * as l10n from '@vscode/l10n';
import { describeFault, readContents, type Contents } from '../archive';
import { inspectArtifact } from '../artifacts';
import { RestorePointError } from '../errors';
import type { Plan } from '../plan';
import { strategies } from './strategies';
import { lookAtTarget, refuseStandby } from './target';
import type { RestoreContext, RestoreRequest, Source } from './types';

/**
 * What a restore will do, as a plan. Looks at the backup and at the target, changes nothing. Throws
 * explained errors: `artifact.*` for what cannot be restored, `restore.*` and `script.*` for what does not
 * fit together, `tool.*` and `connection.*` from below.
 */
export async function planRestore(request: RestoreRequest, context: RestoreContext): Promise<Plan> {
  const strategy = strategies.find((s) => s.name === request.strategy);
  if (!strategy)
    throw new RestorePointError({
      code: 'restore.strategy',
      what: l10n.t('There is no strategy {0}.', request.strategy),
      why: '',
      next: l10n.t('Choose one of: {0}.', strategies.map((s) => s.name).join(', ')),
    });
  const source = await lookAtSource(request, context.signal);
  const several = source.recognised.kind === 'set' || source.recognised.kind === 'clusterScript';
  if (!several && !request.database)
    throw new RestorePointError({
      code: 'restore.databaseName',
      what: l10n.t('The restore needs the name of a database.'),
      why: l10n.t('The backup holds one database, which can go under any name.'),
      next: l10n.t('Name the database.'),
      remedies: [{ do: 'chooseDatabase', with: {} }],
    });
  const target = await lookAtTarget(context.access, context.signal);
  refuseStandby(target);
  const parts = await strategy.plan({ request, context, source, target });
  const unseen = new Map(parts.warnings.map((warning) => [`${warning.code} ${warning.text}`, warning]));
  return {
    version: 1,
    kind: 'restore',
    title: several
      ? l10n.t('Restore {0}', nameOf(source.path))
      : l10n.t('Restore {0} into {1}', nameOf(source.path), parts.database),
    connections: { target: context.access.connection, ...parts.safety?.connections },
    ...(parts.safety?.artifact ? { artifact: parts.safety.artifact } : {}),
    ...(parts.ifItFails ? { ifItFails: parts.ifItFails } : {}),
    steps: parts.steps,
    onFailure: parts.onFailure,
    locks: [{ server: target.server, database: parts.database }],
    restores: source.path,
    destroys: parts.destroys,
    wayBack: parts.wayBack,
    warnings: [...unseen.values()],
    ...(parts.checked ? { checked: parts.checked } : {}),
    estimate: {
      bytes: null,
      freeBytes: null,
      durationMs: null,
      basis: l10n.t('Not estimated: the size of a restored database depends on its indexes.'),
    },
    facts: {
      ...parts.facts,
      database: parts.database,
      strategy: strategy.name,
      artifact: source.path,
      entries: parts.entries,
      tolerant: request.tolerant ?? false,
    },
  };
}

/** Looks at a backup before anything else; what is no backup is refused with the reason. */
async function lookAtSource(request: RestoreRequest, signal?: AbortSignal): Promise<Source> {
  const path = resolve(request.artifact);
  const artifact = await inspectArtifact(path).catch((error: Error) => {
    if (error instanceof RestorePointError) throw error;
    throw new RestorePointError(
      {
        code: 'artifact.notFound',
        what: l10n.t('The backup cannot be opened: {0}', nameOf(path)),
        why: error.message,
        next: l10n.t('Check the path.'),
      },
      { cause: error },
    );
  });
  const { recognised, manifest, bytes } = artifact;
  const base = { path: artifact.path, recognised, manifest, bytes };
  switch (recognised.kind) {
    case 'archive':
    case 'script':
    case 'clusterScript':
      return { ...base, contents: await wholeContents(artifact.path, request, signal) };
    case 'set':
      return { ...base, contents: null };
    case 'rows':
      throw new RestorePointError({
        code: 'artifact.rows',
        what: l10n.t('The file holds rows of a table, not a database.'),
        why: l10n.t('It was made by copying rows out.'),
        next: l10n.t('Copy the rows into a table instead.'),
      });
    case 'broken':
      throw new RestorePointError({
        code: 'artifact.broken',
        what: l10n.t('The backup cannot be restored: {0}', nameOf(path)),
        why: recognised.reason ?? '',
        next: l10n.t('Take another backup; verifying it shows whether it is whole.'),
      });
    case 'unknown':
      throw new RestorePointError({
        code: 'artifact.unknown',
        what: l10n.t('This is no backup: {0}', nameOf(path)),
        why: recognised.reason ?? '',
        next: l10n.t('Choose a file that pg_dump or pg_dumpall made, or an SQL script.'),
      });
  }
}

/** The contents of a backup that is not cut short. psql takes a script's end for the end of its rows. */
async function wholeContents(path: string, request: RestoreRequest, signal?: AbortSignal): Promise<Contents> {
  const contents = await readContents(path, { signal });
  if (contents.inside)
    throw new RestorePointError({
      code: 'artifact.inside',
      what: l10n.t('The backup lies inside another file: {0}', nameOf(path)),
      why: l10n.t('It is {0}. The client programs cannot read it from there.', contents.inside.join(' › ')),
      next: l10n.t('Unpack the file, and restore what was in it.'),
    });
  const [fault] = contents.faults;
  if (!fault || (request.tolerant && contents.archiveVersion === null)) return contents;
  throw new RestorePointError({
    code: 'artifact.broken',
    what: l10n.t('The backup is damaged or cut short: {0}', nameOf(path)),
    why: contents.faults.map(describeFault).slice(0, 5).join('\n'),
    next:
      contents.archiveVersion === null
        ? l10n.t('Take another backup; a tolerant restore brings back what is there.')
        : l10n.t('Take another backup; verifying it shows which tables are whole.'),
  });
}

function nameOf(path: string): string {
  return path.split(/[\\/]/).filter(Boolean).pop() ?? path;
}
