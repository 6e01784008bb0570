import * as l10n from '@vscode/l10n';
import { connectionFrom, openAccess, resolve, toConnection } from '../engine/connections';
import type { Access, Connection, Secrets } from '../engine/connections/types';
import { CancelledError, RestorePointError } from '../engine/errors';
import type { Io } from './io';
import { note } from './output';
import { askSecret, canAsk } from './prompt';

/** A way into the server a verb was given, and what the runner needs to take it too. */
export interface Session {
  access: Access;
  secrets: Secrets;
}

/**
 * Opens `--connection` (URI, key=value, service, profile; absent: what libpq would take from `PG*` and its
 * defaults). The password comes from `PGPASSWORD` or the password file, else it is asked for where there
 * is a terminal. Throws `connection.*`; `connection.secret` for a password in the argument.
 */
export async function openSession(io: Io, text: string | undefined, database?: string): Promise<Session> {
  const connection = withDatabase(named(io, text), database);
  const resolved = await resolve(connection, io.env);
  // What was tried matters when it fails; ssh may have a question to put, so its words come at once.
  const tried: string[] = [];
  const onLog = (line: string): void => void (resolved.ssh ? note(io, line) : tried.push(line));
  const open = async (password?: string): Promise<Access> =>
    await openAccess(resolved, {
      env: io.env,
      signal: io.signal,
      onLog,
      ...(password === undefined ? {} : { password }),
    });
  let access: Access;
  try {
    access = await open();
  } catch (error) {
    for (const line of tried) note(io, line);
    if (!isPasswordNeeded(error) || !canAsk(io)) throw error;
    const { user, hosts } = resolved.settings;
    access = await open(await askSecret(io, l10n.t('Password of {0} on {1}: ', user, hosts[0]?.host ?? '')));
  }
  if (io.signal.aborted) {
    await access.close();
    throw new CancelledError();
  }
  return { access, secrets: access.password === undefined ? {} : { [resolved.id]: access.password } };
}

function isPasswordNeeded(error: unknown): boolean {
  return error instanceof RestorePointError && error.code === 'connection.passwordNeeded';
}

function named({ env }: Io, text: string | undefined): Connection {
  if (text !== undefined) return toConnection(text);
  return connectionFrom({ name: env.PGSERVICE || env.PGHOST || 'localhost', settings: {} });
}

function withDatabase(connection: Connection, database: string | undefined): Connection {
  return database === undefined
    ? connection
    : { ...connection, settings: { ...connection.settings, database } };
}
