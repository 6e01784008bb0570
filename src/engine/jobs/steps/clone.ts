import * as l10n from '@vscode/l10n';
import type { Client } from 'pg';
import { quoteIdent, quoteLiteral, withClient } from '../../connections';
import { CancelledError, isCancelled, RestorePointError } from '../../errors';
import type { CloneStep } from '../../plan';
import {
  carryStatements,
  databaseProperties,
  freeName,
  keptName,
  markerComment,
  parseMarker,
} from '../../points';
import { explainBusy } from './busy';
import { whileEmptying } from './emptying';
import { withSession, type Guard } from './session';
import type { Executor, StepContext } from './types';

/** Failures that another way of copying files would not change. */
const finalStates = /^(?:55006|42P04|3D000|42501|53100|57|08)/;

/** `CREATE DATABASE … TEMPLATE`, and what a template does not give: owner, settings, privileges. */
export const clone: Executor<CloneStep> = async (step, context) => {
  try {
    const name = await withSession(step, context, async (client, guard) => {
      const old = await databaseProperties(client, step.source);
      if (!old)
        throw new RestorePointError({
          code: 'point.gone',
          what: l10n.t('There is no database {0} to copy.', step.source),
          why: '',
          next: l10n.t('Look at the databases anew.'),
        });
      const created = new Date();
      const as = step.as ?? (await unused(client, step.source, created));
      const make = (): Promise<void> => copy(client, guard, context, step.source, as);
      await (step.endSessions ? whileEmptying(step, [step.source], context, make) : make());
      context.touched();
      const fresh = await databaseProperties(client, as);
      const before = parseMarker(old.comment);
      const comment = markerComment({
        version: 1,
        state: step.halfMade ? 'half-made' : 'kept',
        ...step.point,
        createdAt: created.toISOString(),
        comment: before ? before.comment : old.comment,
        allowConnections: before ? before.allowConnections : old.allowConnections,
      });
      const quoted = quoteIdent(as);
      // Several statements in one message are one transaction.
      const statements = [
        `COMMENT ON DATABASE ${quoted} IS ${quoteLiteral(comment)}`,
        `ALTER DATABASE ${quoted} ALLOW_CONNECTIONS false`,
        ...(fresh ? carryStatements(as, { ...old, isTemplate: false }, fresh) : []),
      ].join(';\n');
      context.log('info', statements, 'sql');
      try {
        await guard(client.query(statements));
      } catch (error) {
        // Unmarked it would be nobody's.
        await dropUnmarked(step, context, as);
        throw error;
      }
      return as;
    });
    return step.halfMade ? {} : { undo: name };
  } catch (error) {
    if (context.signal.aborted || isCancelled(error)) throw new CancelledError();
    throw explainBusy(error, step.title, {
      what: l10n.t('{0} is in use, so it could not be copied.', step.source),
      next: l10n.t('Disconnect what uses it, allow its sessions to be ended, or keep a dump of it instead.'),
    });
  }
};

async function dropUnmarked(step: CloneStep, context: StepContext, name: string): Promise<void> {
  const statement = `DROP DATABASE ${quoteIdent(name)}`;
  context.log('info', statement, 'sql');
  await context
    .access(step.connection)
    .then((access) => withClient(access, step.database, (client) => client.query(statement)))
    .catch((error: Error) => context.log('warning', error.message, 'sql'));
}

async function unused(client: Client, source: string, at: Date): Promise<string> {
  const { rows } = await client.query<{ name: string }>('select datname as name from pg_catalog.pg_database');
  return freeName(keptName(source, 'point', at), new Set(rows.map(({ name }) => name)));
}

/**
 * Copies files, where the file system can without copying their content: FILE_COPY is a setting from 15 on, and
 * `file_copy_method = clone` from 18 on.
 */
async function copy(
  client: Client,
  guard: Guard,
  { log, signal }: StepContext,
  source: string,
  as: string,
): Promise<void> {
  const { rows } = await client.query<{ num: string; methods: string[] | null }>(
    `select pg_catalog.current_setting('server_version_num') as num,
            (select enumvals from pg_catalog.pg_settings where name = 'file_copy_method') as methods`,
  );
  const major = Math.floor(Number(rows[0]?.num ?? 0) / 10_000);
  const strategy = major >= 15 ? ' STRATEGY = FILE_COPY' : '';
  const statement = `CREATE DATABASE ${quoteIdent(as)} WITH TEMPLATE = ${quoteIdent(source)}${strategy}`;
  const run = async (text: string): Promise<void> => {
    log('info', text, 'sql');
    await guard(client.query(text));
  };
  const canClone = rows[0]?.methods?.includes('clone') ?? false;
  if (!canClone) return await run(statement);
  await run("SET file_copy_method = 'clone'");
  try {
    await run(statement);
  } catch (error) {
    const { code = '' } = error as { code?: string };
    if (signal.aborted || !code || finalStates.test(code)) throw error;
    log('info', (error as Error).message, 'sql');
    await run("SET file_copy_method = 'copy'");
    await run(statement);
  }
}
