import * as l10n from '@vscode/l10n';
import { inspectArtifact, verifiedRows, type Evidence, type TableRows } from '../engine/artifacts';
import { RestorePointError } from '../engine/errors';
import { planClusterRehearsal, planRehearsal } from '../engine/restore';
import { UsageError } from './args';
import { buildsFor } from './builds';
import type { Io } from './io';
import { runHere } from './job';
import { openSession } from './session';

interface Rehearsed extends Omit<Evidence, 'faults' | 'durationMs' | 'rows'> {
  artifact: string;
  level: 'rehearsal';
  tables: TableRows[];
  faults: NonNullable<Evidence['faults']>;
  durationMs: number;
}

/** A rehearsal as a job like any other; what it found is read back from where it is kept. */
export async function rehearse(
  io: Io,
  path: string,
  values: {
    into?: string;
    'in-cluster'?: boolean;
    check?: string[];
    tools?: string[];
    'tool-prefix'?: string;
    verbose?: boolean;
  },
): Promise<{ document: Rehearsed; ok: boolean; rows: number | undefined }> {
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
    const failure = await runHere(io, plan, session?.secrets ?? {}, {
      verbose: values.verbose === true,
    }).then(
      () => null,
      (error: unknown) => error,
    );
    const found = failure instanceof RestorePointError && failure.code === 'rehearsal.faults';
    if (failure && !found) throw failure;
    const evidence = await lastRehearsal(path);
    if (!evidence) throw failure;
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
  } finally {
    await session?.access.close();
  }
}

async function lastRehearsal(path: string): Promise<Evidence | null> {
  const { manifest, evidence } = await inspectArtifact(path);
  return manifest?.evidence.findLast(({ level }) => level === 'rehearsal') ?? evidence;
}
