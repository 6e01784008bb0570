import * as l10n from '@vscode/l10n';
import { connectClient, endClient, quoteIdent } from '../../connections';
import { CancelledError, RestorePointError } from '../../errors';
import type { Warning } from '../../plan';
import type { PlanContext } from '../types';

interface Refusal {
  /** The server's own words and SQLSTATE. */
  message: string;
  sqlState: string;
}

/**
 * Opens a replication connection as pg_basebackup will, and closes it. A refusal comes back as a warning that blocks,
 * with what has to be changed; pg_hba.conf has lines for replication apart from those for databases.
 */
export async function probeReplication({
  access,
  signal,
}: Pick<PlanContext, 'access' | 'signal'>): Promise<Warning[]> {
  const { settings } = access.connection;
  try {
    await endClient(
      await connectClient(access, settings.database, {
        replication: true,
        applicationName: 'restore-point plan',
        signal,
      }),
    );
    return [];
  } catch (error) {
    if (error instanceof CancelledError) throw error;
    const refusal = refusalOf(error);
    if (!refusal) throw error;
    return [refused(refusal, settings.user)];
  }
}

function refusalOf(error: unknown): Refusal | null {
  const cause = error instanceof RestorePointError ? error.cause : error;
  const { code, message } = (cause ?? {}) as { code?: string; message?: string };
  return code && /^[0-9A-Z]{5}$/.test(code) && message ? { sqlState: code, message } : null;
}

/** What a refused replication connection means, with the next step. Pure. */
export function refused({ message, sqlState }: Refusal, user: string): Warning {
  const blocks = true;
  const why = `${message} (SQLSTATE ${sqlState})`;
  if (
    sqlState === '42501' ||
    /superuser or replication role|permission denied to start WAL sender/.test(message)
  )
    return {
      code: 'basebackup.right',
      blocks,
      text: l10n.t(
        'The role "{0}" may not replicate, which this needs: {1} Have it granted by a superuser: ALTER ROLE {2} REPLICATION;',
        user,
        why,
        quoteIdent(user),
      ),
    };
  if (sqlState === '53300')
    return {
      code: 'basebackup.walSenders',
      blocks,
      text: l10n.t(
        'All WAL senders of the server are in use: {0} Wait until another backup or standby is done, or raise max_wal_senders (needs a restart).',
        why,
      ),
    };
  if (/pg_hba\.conf/.test(message))
    return {
      code: 'basebackup.hba',
      blocks,
      text: l10n.t(
        'The server does not let "{0}" in for replication: {1} Add this line to pg_hba.conf and reload (SELECT pg_reload_conf();): {2}',
        user,
        why,
        hbaLine(message, user),
      ),
    };
  return {
    code: 'basebackup.replication',
    blocks,
    text: l10n.t('A replication connection is refused: {0}', why),
  };
}

/** The line of pg_hba.conf that would let this connection in; https://www.postgresql.org/docs/current/auth-pg-hba-conf.html */
export function hbaLine(message: string, user: string): string {
  const [, address] = /host "([^"]+)"/.exec(message) ?? [];
  const name = /^[A-Za-z_][\w$]*$/.test(user) && user !== 'all' ? user : `"${user.replaceAll('"', '""')}"`;
  if (address === undefined || address === '[local]') return `local   replication   ${name}   scram-sha-256`;
  return `host   replication   ${name}   ${address}/${address.includes(':') ? 128 : 32}   scram-sha-256`;
}
