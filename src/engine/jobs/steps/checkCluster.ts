import * as l10n from '@vscode/l10n';
import type { Client } from 'pg';
import { recordEvidence, type Evidence, type TableRows } from '../../artifacts';
import { CancelledError } from '../../errors';
import type { CheckClusterStep, UserCheck } from '../../plan';
import { amcheck, countEveryTable, userCheck, validity } from '../../restore';
import { keptFaults, rehearsalFailure } from './rehearsalEvidence';
import { withSession, type Guard } from './session';
import { explainSqlError } from './sqlFailure';
import type { Executor, StepContext } from './types';

type Faults = NonNullable<Evidence['faults']>;

interface Found {
  faults: Faults;
  /** By the check's name. */
  checks: Map<string, boolean>;
  tables: TableRows[];
}

interface Database {
  name: string;
  bytes: number;
}

/** Databases that every server has: checks that name no database are not for these, unless there is no other. */
const standing = new Set(['postgres', 'template1']);

/** The checks of a rehearsal, in every database of a cluster that was restored. */
export const checkCluster: Executor<CheckClusterStep> = async (step, context) => {
  const { notes, signal } = context;
  const { times, faults: before, checks: made } = notes.rehearsed;
  const restoreMs = times.copyMs + times.recoveryMs + times.startMs;
  const found: Found = { faults: [...before], checks: new Map(), tables: [] };
  let serverVersion = '';
  let bytes = 0;
  try {
    const databases = await withSession(step, context, async (client, guard) => {
      const version = await guard(
        client.query<{ version: string }>(`select pg_catalog.current_setting('server_version') as version`),
      );
      serverVersion = version.rows[0]?.version ?? '';
      const { rows } = await guard(
        client.query<{ name: string; bytes: string }>(
          `select datname as name, pg_catalog.pg_database_size(oid) as bytes
             from pg_catalog.pg_database where datallowconn order by datname`,
        ),
      );
      return rows.map((row): Database => ({ name: row.name, bytes: Number(row.bytes) }));
    });
    bytes = databases.reduce((sum, database) => sum + database.bytes, 0);
    const own = databases.filter(({ name }) => !standing.has(name));
    const theirs = own.length ? own : databases;
    refuseStrange(step.checks, databases, found);
    let done = 0;
    for (const database of databases) {
      const checks = step.checks.filter((check) =>
        check.database === undefined ? theirs.includes(database) : check.database === database.name,
      );
      const progress: StepContext['progress'] = (fraction, what) =>
        context.progress(
          (done + (fraction ?? 0) * database.bytes) / (bytes || 1),
          `${database.name}: ${what}`,
        );
      await withSession({ ...step, database: database.name }, context, (client, guard) =>
        checkDatabase(
          client,
          guard,
          { ...step, checks, database: database.name },
          { signal, progress, found },
        ),
      );
      done += database.bytes;
    }
  } catch (error) {
    throw signal.aborted ? new CancelledError() : explainSqlError(error, step.title);
  }
  const { faults, tables } = found;
  const durationMs = Math.round(context.elapsed());
  const evidence: Evidence = {
    level: 'rehearsal',
    ok: faults.length === 0,
    at: new Date().toISOString(),
    rows: tables.reduce((sum, { rows }) => sum + (rows ?? 0), 0),
    durationMs,
    restoreMs,
    times: { ...times, checksMs: durationMs - restoreMs },
    databaseBytes: bytes,
    serverVersion,
    checks: [...made, ...[...found.checks].map(([name, ok]) => ({ name, ok }))],
    ...(faults.length ? { faults: faults.slice(0, keptFaults) } : {}),
  };
  await recordEvidence(step.artifact, evidence, tables);
  if (faults.length) throw rehearsalFailure(faults);
  return { evidence, tables };
};

/** What the original sets for its databases and roles is for others; an amcheck of its own may be an old one. */
const calming = [
  'set default_transaction_read_only = off',
  'set statement_timeout = 0',
  'set lock_timeout = 0',
  'set client_min_messages = warning',
  'drop extension if exists amcheck cascade',
];

async function checkDatabase(
  client: Client,
  guard: Guard,
  { database, checks, heapAllIndexed }: CheckClusterStep,
  { signal, progress, found }: { signal: AbortSignal; progress: StepContext['progress']; found: Found },
): Promise<void> {
  const take = (name: string, faults: Faults): void => {
    found.checks.set(name, (found.checks.get(name) ?? true) && faults.length === 0);
    found.faults.push(...faults.map((fault) => ({ ...fault, entry: `${database}: ${fault.entry ?? ''}` })));
  };
  for (const statement of calming) await guard(client.query(statement));
  take(l10n.t('every index is valid'), await guard(validity(client)));
  const counted = await guard(
    countEveryTable(client, signal, (fraction, what) => progress(fraction * 0.3, what)),
  );
  found.tables.push(...counted.tables.map((table) => ({ database, ...table })));
  take(l10n.t('every table can be read'), counted.faults);
  const pages = await guard(
    amcheck(client, signal, (fraction, what) => progress(0.3 + fraction * 0.6, what), {
      files: true,
      heapAllIndexed,
    }),
  );
  if (pages) take('amcheck', pages);
  for (const [at, check] of checks.entries()) {
    progress(0.9 + (0.1 * at) / checks.length, check.name);
    const fault = await guard(userCheck(client, check));
    take(check.name, fault ? [fault] : []);
  }
}

/** A check of a database that is not there has not been passed. */
function refuseStrange(checks: UserCheck[], databases: Database[], { faults, checks: made }: Found): void {
  for (const { name, database } of checks) {
    if (database === undefined || databases.some((one) => one.name === database)) continue;
    made.set(name, false);
    faults.push({ what: l10n.t('the database {0} is not there', database), entry: name, offset: null });
  }
}
