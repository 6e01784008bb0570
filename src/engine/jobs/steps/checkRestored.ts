import * as l10n from '@vscode/l10n';
import { recordEvidence, type Evidence, type TableRows } from '../../artifacts';
import { CancelledError } from '../../errors';
import type { CheckRestoredStep } from '../../plan';
import { amcheck, countEntries, userCheck, validity, type CountedTable } from '../../restore';
import { keptFaults, rehearsalFailure } from './rehearsalEvidence';
import { withSession } from './session';
import { explainSqlError } from './sqlFailure';
import type { Executor, StepContext } from './types';

type Faults = NonNullable<Evidence['faults']>;

/** The checks of a rehearsal; what they find is kept as the backup's evidence, and is a failure when it is a fault. */
export const checkRestored: Executor<CheckRestoredStep> = async (step, context) => {
  const { notes, signal } = context;
  // From the start of the job to a database that can be used: what a restore would take.
  const restoreMs = Math.round(context.elapsed());
  const faults: Faults = [...failedEntries(context), ...otherRows(notes.counted ?? [])];
  const checks: { name: string; ok: boolean }[] = [];
  let bytes: number | null = null;
  let serverVersion = '';
  try {
    await withSession(step, context, async (client, guard) => {
      const facts = await guard(
        client.query<{ bytes: string; version: string }>(
          `select pg_catalog.pg_database_size(pg_catalog.current_database()) as bytes,
                  pg_catalog.current_setting('server_version') as version`,
        ),
      );
      bytes = Number(facts.rows[0]?.bytes ?? 0);
      serverVersion = facts.rows[0]?.version ?? '';
      const take = (name: string, found: Faults): void => {
        checks.push({ name, ok: found.length === 0 });
        faults.push(...found);
      };
      take(l10n.t('every index is valid'), await guard(validity(client)));
      const indexes = await guard(
        amcheck(client, signal, (fraction, what) => context.progress(fraction * 0.8, what)),
      );
      if (indexes) take('amcheck', indexes);
      for (const [at, check] of step.checks.entries()) {
        context.progress(0.8 + (0.2 * at) / step.checks.length, check.name);
        const fault = await guard(userCheck(client, check));
        take(check.name, fault ? [fault] : []);
      }
    });
  } catch (error) {
    throw signal.aborted ? new CancelledError() : explainSqlError(error, step.title);
  }
  const counted = (notes.counted ?? []).filter(({ rows }) => rows !== null);
  const tables: TableRows[] = counted.map(({ schema, name, rows }) => ({ schema, name, rows }));
  const evidence: Evidence = {
    level: 'rehearsal',
    ok: faults.length === 0,
    at: new Date().toISOString(),
    rows: counted.reduce((sum, { rows }) => sum + (rows ?? 0), 0),
    durationMs: Math.round(context.elapsed()),
    restoreMs,
    ...(bytes === null ? {} : { databaseBytes: bytes }),
    serverVersion,
    checks,
    messages: countEntries(step.entries, notes.judged),
    ...(faults.length ? { faults: faults.slice(0, keptFaults) } : {}),
  };
  await recordEvidence(step.artifact, evidence, tables);
  if (faults.length) throw rehearsalFailure(faults);
  return { evidence, tables };
};

function failedEntries({ notes }: StepContext): Faults {
  return notes.judged
    .filter(({ verdict }) => verdict === 'failed')
    .map(({ entry, text, reason }) => ({ what: `${text} ${reason}`, entry, offset: null }));
}

function otherRows(counted: CountedTable[]): Faults {
  return counted
    .filter(({ rows, expected }) => expected !== null && rows !== expected)
    .map(({ schema, name, rows, expected }) => ({
      what:
        rows === null
          ? l10n.t('it is not there')
          : l10n.t('it has {0} rows, the backup {1}', rows, expected ?? 0),
      entry: `TABLE ${schema} ${name}`,
      offset: null,
    }));
}
