import type { Client } from 'pg';
import * as l10n from '@vscode/l10n';
import { withClient } from '../../engine/connections';
import { UsageError } from '../args';
import type { Io } from '../io';
import { openSession } from '../session';

/** The server an action is about: an argument, or `--connection` as elsewhere; absent: what libpq would take. */
export function oneConnection([named, ...more]: string[], option: string | undefined): string | undefined {
  if (more.length || (named !== undefined && option !== undefined))
    throw new UsageError(l10n.t('One connection is needed.'));
  return named ?? option;
}

/** Runs `work` with a session on the server. */
export async function onServer<T>(
  io: Io,
  connection: string | undefined,
  work: (client: Client, name: string) => Promise<T>,
): Promise<T> {
  const { access } = await openSession(io, connection);
  try {
    const { settings, name } = access.connection;
    return await withClient(
      access,
      access.loginDatabase ?? settings.database,
      (client) => work(client, name),
      {
        signal: io.signal,
        applicationName: 'restore-point wal',
      },
    );
  } finally {
    await access.close();
  }
}
