import * as l10n from '@vscode/l10n';
import type { Client } from 'pg';
import { quoteIdent, quoteLiteral, withClient } from '../../connections';
import { CancelledError, isCancelled, RestorePointError } from '../../errors';
import type { SwapStep } from '../../plan';
import {
  carryStatements,
  databaseProperties,
  freeName,
  keptName,
  markerComment,
  parseMarker,
  type DatabaseProperties,
} from '../../points';
import { until } from '../wait';
import { whileEmptying } from './emptying';
import { withSession, type Guard } from './session';
import { explainSqlError } from './sqlFailure';
import type { Executor, StepContext } from './types';

/** Whether a swap happened is looked for so long after its connection broke off. */
const askedAgainMs = 20_000;

/** Longer nobody waits for another's lock on a database. */
const lockTimeout = '30s';

/** The names change in one transaction: whenever it ends, one of the two databases has the name. */
export const swap: Executor<SwapStep> = async (step, context) => {
  let keepAs: string | null = null;
  let committing = false;
  try {
    await withSession(step, context, async (client, guard) => {
      const plan = await look(client, step);
      keepAs = plan.keepAs;
      const run = runner(client, guard, context);
      await run('BEGIN');
      await run(`SET LOCAL lock_timeout = '${lockTimeout}'`);
      const rename = async (): Promise<void> => {
        for (const statement of plan.renames) await run(statement);
      };
      const both = [step.name, step.next];
      await (step.endSessions ? whileEmptying(step, both, context, rename) : rename());
      for (const statement of plan.rest) await run(statement);
      committing = true;
      await run('COMMIT');
      context.touched();
    });
  } catch (error) {
    if (committing && keepAs !== null && (await happened(step, context, keepAs))) {
      context.touched();
      return { undo: keepAs };
    }
    if (context.signal.aborted || isCancelled(error)) throw new CancelledError();
    throw explain(error, step);
  }
  return { undo: keepAs };
};

interface Swapping {
  /** Null where nothing has the name. */
  keepAs: string | null;
  renames: string[];
  rest: string[];
}

async function look(client: Client, step: SwapStep): Promise<Swapping> {
  const old = await databaseProperties(client, step.name);
  const next = await databaseProperties(client, step.next);
  if (!next)
    throw new RestorePointError({
      code: 'point.gone',
      what: l10n.t('The database {0} is not there any more.', step.next),
      why: l10n.t('It was to take the name {0}, which stays where it is.', step.name),
      next: l10n.t('Look at the restore points anew.'),
    });
  const names = await client.query<{ name: string }>('select datname as name from pg_catalog.pg_database');
  const now = new Date();
  const taken = new Set(names.rows.map(({ name }) => name));
  const keepAs = old && freeName(keptName(step.name, 'before', now), taken);
  const name = quoteIdent(step.name);
  const marker = parseMarker(next.comment);
  const comment = step.carry ? (old?.comment ?? null) : marker ? marker.comment : next.comment;
  const allow = (step.carry ? old?.allowConnections : marker?.allowConnections) ?? true;
  return {
    keepAs,
    renames: [
      ...(old && keepAs ? [`ALTER DATABASE ${name} RENAME TO ${quoteIdent(keepAs)}`] : []),
      `ALTER DATABASE ${quoteIdent(step.next)} RENAME TO ${name}`,
    ],
    rest: [
      `COMMENT ON DATABASE ${name} IS ${comment === null ? 'NULL' : quoteLiteral(comment)}`,
      ...(allow === next.allowConnections ? [] : [`ALTER DATABASE ${name} ALLOW_CONNECTIONS ${allow}`]),
      ...(old && keepAs ? putAside(keepAs, old, step, now) : []),
      // Owner last: who gives a database away may not change it any more.
      ...(step.carry && old ? carryStatements(step.name, old, next) : []),
    ],
  };
}

/** The old one says whose state it is, and lets nobody in by mistake. */
function putAside(keepAs: string, old: DatabaseProperties, { point }: SwapStep, now: Date): string[] {
  const comment = markerComment({
    version: 1,
    state: 'kept',
    ...point,
    createdAt: now.toISOString(),
    comment: old.comment,
    allowConnections: old.allowConnections,
  });
  const name = quoteIdent(keepAs);
  return [
    `COMMENT ON DATABASE ${name} IS ${quoteLiteral(comment)}`,
    ...(old.allowConnections ? [`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`] : []),
  ];
}

function runner(client: Client, guard: Guard, { log }: StepContext): (statement: string) => Promise<void> {
  return async (statement) => {
    log('info', statement, 'sql');
    await guard(client.query(statement));
  };
}

/** The answer to COMMIT was lost: the server knows. */
async function happened(step: SwapStep, context: StepContext, keepAs: string): Promise<boolean> {
  const until20 = performance.now() + askedAgainMs;
  while (performance.now() < until20) {
    const found = await context
      .access(step.connection)
      .then((access) =>
        withClient(access, step.database, async (client) => {
          const { rowCount } = await client.query('select from pg_catalog.pg_database where datname = $1', [
            keepAs,
          ]);
          return rowCount === 1;
        }),
      )
      .catch(() => null);
    if (found !== null) return found;
    await until(500);
  }
  return false;
}

function explain(error: unknown, step: SwapStep): Error {
  const explained = explainSqlError(error, step.title);
  if (!(explained instanceof RestorePointError) || explained.sqlState !== '55006') return explained;
  return new RestorePointError(
    {
      code: 'target.busy',
      what: l10n.t('{0} is in use, so its name could not be given to another database.', step.name),
      why: explained.why,
      next: l10n.t('Disconnect what uses it, or allow its sessions to be ended.'),
      sqlState: '55006',
      remedies: [{ do: 'runAnyway', with: { option: 'endSessions' } }, { do: 'retry' }],
    },
    { cause: error },
  );
}
