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
import type { JobMessage } from '../events';
import { until } from '../wait';
import { explainBusy } from './busy';
import { whileEmptying } from './emptying';
import { withSession, type Guard } from './session';
import type { Executor, StepContext } from './types';

/** Whether a swap happened is looked for so long after its connection broke off. */
const askedAgainMs = 20_000;

/** Longer nobody waits for another's lock on a database. */
const lockTimeout = '30s';

/** The names change in one transaction: whenever it ends, one of the two databases has the name. */
export const swap: Executor<SwapStep> = async (step, context) => {
  let keepAs: string | null = null;
  let committing = false;
  const lost: JobMessage[] = [];
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
      for (const statement of plan.carried) {
        const refused = await attempt(run, statement);
        if (refused) lost.push(notCarried(step.name, statement, refused));
      }
      committing = true;
      await run('COMMIT');
      context.touched();
      for (const message of lost) {
        context.notes.judged.push(message);
        context.event({ type: 'message', message });
      }
    });
  } catch (error) {
    if (committing && keepAs !== null && (await happened(step, context, keepAs))) {
      context.touched();
      return { undo: keepAs };
    }
    if (context.signal.aborted || isCancelled(error)) throw new CancelledError();
    throw explainBusy(error, step.title, {
      what: l10n.t('{0} is in use, so its name could not be given to another database.', step.name),
      next: l10n.t('Disconnect what uses it, or allow its sessions to be ended.'),
    });
  }
  return { undo: keepAs };
};

interface Swapping {
  /** Null where nothing has the name. */
  keepAs: string | null;
  renames: string[];
  rest: string[];
  /** What the role may lack the right for: then the database has its name without it, and that is told. */
  carried: string[];
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
    ],
    carried: step.carry && old ? carryStatements(step.name, old, next) : [],
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

/** Runs a statement that may be refused for want of a right or of a role; returns why it was. */
async function attempt(
  run: (statement: string) => Promise<void>,
  statement: string,
): Promise<{ code: string; message: string } | null> {
  await run('SAVEPOINT carried');
  try {
    await run(statement);
    await run('RELEASE SAVEPOINT carried');
    return null;
  } catch (error) {
    const { code = '', message } = error as { code?: string; message: string };
    if (!/^(?:42|22)/.test(code)) throw error;
    await run('ROLLBACK TO SAVEPOINT carried');
    return { code, message };
  }
}

function notCarried(
  database: string,
  statement: string,
  { code, message }: { code: string; message: string },
): JobMessage {
  return {
    severity: 'warning',
    verdict: 'degraded',
    entry: `DATABASE - ${database}`,
    sqlState: code,
    text: message,
    statement,
    rule: 'notCarried',
    reason: l10n.t('What the old {0} had could not be given to the new one.', database),
    next: l10n.t('Run the statement as a superuser.'),
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
