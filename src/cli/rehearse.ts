import { resolve } from 'node:path';
import * as l10n from '@vscode/l10n';
import { inspectArtifact, verifiedRows, type Evidence, type TableRows } from '../engine/artifacts';
import type { Secrets } from '../engine/connections/types';
import type { Plan } from '../engine/plan';
import { planBaseRehearsal, planClusterRehearsal, planRehearsal, walFetchCommand } from '../engine/restore';
import { UsageError } from './args';
import { refuseBlocked } from './before';
import { buildsFor } from './builds';
import type { Io } from './io';
import { runHere } from './job';
import { openSession } from './session';
import { ownCommand } from './wal/own';

interface Rehearsed extends Omit<Evidence, 'faults' | 'durationMs' | 'rows'> {
  artifact: string;
  level: 'rehearsal';
  tables: TableRows[];
  faults: NonNullable<Evidence['faults']>;
  durationMs: number;
}

interface Given {
  into?: string;
  'in-cluster'?: boolean;
  check?: string[];
  wal?: string;
  heapallindexed?: boolean;
  scratch?: string;
  tools?: string[];
  'tool-prefix'?: string;
  verbose?: boolean;
}

/** A rehearsal as a job like any other; what it found is read back from where it is kept. */
export async function rehearse(
  io: Io,
  path: string,
  values: Given,
): Promise<{ document: Rehearsed; ok: boolean; rows: number | undefined }> {
  for (const name of ['wal', 'heapallindexed', 'scratch'] as const)
    if (values[name] !== undefined) throw new UsageError(l10n.t('--{0} is for base backups.', name));
  if ((values.into === undefined) === !values['in-cluster'])
    throw new UsageError(
      l10n.t('A rehearsal needs --into CONNECTION or --in-cluster.'),
      l10n.t('Name a server where a database may be made for it, or let a throwaway cluster be started.'),
    );
  const session = values.into === undefined ? null : await openSession(io, values.into);
  try {
    const request = { artifact: path, checks: (values.check ?? []).map((sql) => ({ name: sql, sql })) };
    const context = { builds: await buildsFor(io, values), now: new Date(), signal: io.signal };
    const plan = session
      ? await planRehearsal(request, { ...context, access: session.access })
      : await planClusterRehearsal(request, context);
    return await run(io, path, plan, session?.secrets ?? {}, values.verbose === true);
  } finally {
    await session?.access.close();
  }
}

/** A base backup is always rehearsed in a cluster of its own. */
export async function rehearseBase(
  io: Io,
  path: string,
  values: Given,
): Promise<{ document: Rehearsed; ok: boolean; rows: number | undefined }> {
  if (values.into !== undefined)
    throw new UsageError(
      l10n.t('--into does not go with a base backup.'),
      l10n.t('It is a whole server: a throwaway cluster is started for it on this machine.'),
    );
  const plan = await planBaseRehearsal(
    {
      artifact: path,
      checks: (values.check ?? []).map((sql) => ({ name: sql, sql })),
      heapAllIndexed: values.heapallindexed === true,
      ...(values.wal === undefined
        ? {}
        : { restoreCommand: walFetchCommand(resolve(values.wal), { cli: ownCommand().cli }) }),
      ...(values.scratch === undefined ? {} : { scratch: resolve(values.scratch) }),
    },
    { builds: await buildsFor(io, values), now: new Date(), signal: io.signal },
  );
  refuseBlocked(plan, 'rehearsal.blocked');
  return await run(io, path, plan, {}, values.verbose === true);
}

async function run(
  io: Io,
  path: string,
  plan: Plan,
  secrets: Secrets,
  verbose: boolean,
): Promise<{ document: Rehearsed; ok: boolean; rows: number | undefined }> {
  const before = (await lastRehearsal(path))?.at;
  const failure = await runHere(io, plan, secrets, { verbose }).then(
    () => null,
    (error: unknown) => error,
  );
  const evidence = await lastRehearsal(path);
  // What a fault of the backup is was kept as such; anything else is no result.
  if (!evidence || (failure && evidence.at === before)) throw failure;
  const { ok, rows, faults = [], durationMs = 0, ...facts } = evidence;
  const tables = await verifiedRows(path);
  const document: Rehearsed = {
    artifact: path,
    tables,
    faults,
    durationMs,
    ...facts,
    ok,
    level: 'rehearsal',
  };
  return { document, ok, rows };
}

async function lastRehearsal(path: string): Promise<Evidence | null> {
  const { manifest, evidence } = await inspectArtifact(path);
  return manifest?.evidence.findLast(({ level }) => level === 'rehearsal') ?? evidence;
}
