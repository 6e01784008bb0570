import * as l10n from '@vscode/l10n';
import type { Client } from 'pg';
import { CancelledError, RestorePointError } from '../errors';
import { endClient } from './client';
import { explainConnectError, isDatabaseError, PasswordNeeded, placeText } from './explain';
import { login } from './login';
import { findPassword } from './passfile';
import { openTunnel } from './tunnel';
import type { Tunnel, TunnelOptions } from './tunnelTypes';
import type { Access, HostPort, ResolvedConnection } from './types';

/** `onLog` is told what is tried, and ssh's own words. */
export interface AccessOptions extends TunnelOptions {
  /** Absent: what `findPassword` finds for the host at hand. */
  password?: string;
  /** The database to try the way in with; the connection's own when absent. */
  database?: string;
}

interface Way {
  endpoint: HostPort;
  host: HostPort;
  password: string | undefined;
  loginDatabase: string;
}

/**
 * Finds a way into a server: opens the ssh tunnel if there is one, then tries the hosts in order until one
 * lets us log in and fits `targetSessionAttrs`. That the database does not exist is no failure here: the
 * server is reached and the password is right.
 * @throws RestorePointError `connection.*`; CancelledError
 */
export async function openAccess(
  connection: ResolvedConnection,
  options: AccessOptions = {},
): Promise<Access> {
  if (options.signal?.aborted) throw new CancelledError();
  const tunnel = connection.ssh ? await openTunnel(connection.ssh, connection.settings, options) : undefined;
  try {
    const way = await findWay(connection, tunnel, options);
    return {
      connection,
      ...way,
      ...(tunnel ? { explain: (error) => tunnel.explain(error, way.host) } : {}),
      close: async () => void (await tunnel?.close()),
    };
  } catch (error) {
    await tunnel?.close();
    throw error;
  }
}

async function findWay(
  connection: ResolvedConnection,
  tunnel: Tunnel | undefined,
  options: AccessOptions,
): Promise<Way> {
  const { hosts, targetSessionAttrs, extra } = connection.settings;
  const order = hosts.map((host, index) => ({
    host,
    endpoint: tunnel?.endpoints[index] ?? reachable(host),
  }));
  if (extra?.load_balance_hosts === 'random') shuffle(order);
  // `prefer-standby` means: a standby if there is one, else anything.
  const rounds =
    targetSessionAttrs === 'prefer-standby' ? (['standby', 'any'] as const) : [targetSessionAttrs ?? 'any'];
  const failures: RestorePointError[] = [];
  for (const wanted of rounds)
    for (const { host, endpoint } of order) {
      options.onLog?.(l10n.t('Trying {0}', placeText(host)));
      try {
        return await tryHost({ connection, host, endpoint, wanted, options });
      } catch (error) {
        if (error instanceof CancelledError) throw error;
        const explained =
          (await tunnel?.explain(error, host)) ??
          explainConnectError(error, connection, { host, database: options.database });
        options.onLog?.(explained.message);
        if (!failures.some(({ why, what }) => why === explained.why && what === explained.what))
          failures.push(explained);
        // A server that answered and said no is the answer; only one that is not ready is passed over.
        if (isDatabaseError(error) && error.code !== '57P03') throw explained;
        if (explained.code === 'connection.passwordNeeded') throw explained;
      }
    }
  throw together(failures, hosts.length);
}

/** Where a host is connected to: its numeric address where it has one. */
function reachable(host: HostPort): HostPort {
  return host.address ? { host: host.address, port: host.port } : { host: host.host, port: host.port };
}

async function tryHost({
  connection,
  host,
  endpoint,
  wanted,
  options,
}: {
  connection: ResolvedConnection;
  host: HostPort;
  endpoint: HostPort;
  wanted: NonNullable<ResolvedConnection['settings']['targetSessionAttrs']>;
  options: AccessOptions;
}): Promise<Way> {
  const { env, signal, onLog } = options;
  const database = options.database ?? connection.settings.database;
  const hints: string[] = [];
  const onWarning = (text: string): void => {
    hints.push(text);
    onLog?.(text);
  };
  const password = options.password ?? (await findPassword(connection, env, { host, database, onWarning }));
  const request = { connection, host, endpoint, password, signal, ...(env ? { env } : {}) };
  const databases = [...new Set([database, 'postgres', 'template1'])];
  for (const [index, candidate] of databases.entries()) {
    let client: Client;
    try {
      client = await login({ ...request, database: candidate });
    } catch (error) {
      const missing = isDatabaseError(error) && error.code === '3D000';
      if (missing && index + 1 < databases.length) continue;
      // Nothing else to try: the server let us in as far as naming a database.
      if (error instanceof PasswordNeeded) error.hints = hints;
      if (missing && wanted === 'any') return { endpoint, host, password, loginDatabase: database };
      throw error;
    }
    try {
      await checkSession(client, wanted, host);
    } finally {
      await endClient(client);
    }
    return { endpoint, host, password, loginDatabase: candidate };
  }
  throw new Error('unreachable');
}

/** https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNECT-TARGET-SESSION-ATTRS */
async function checkSession(client: Client, wanted: string, host: HostPort): Promise<void> {
  if (wanted === 'any') return;
  const { rows } = await client.query<{ standby: boolean; readonly: boolean }>(
    `select pg_catalog.pg_is_in_recovery() as standby,
            pg_catalog.current_setting('transaction_read_only') = 'on' as readonly`,
  );
  const standby = rows[0]?.standby === true;
  const readOnly = standby || rows[0]?.readonly === true;
  const fits: Record<string, boolean> = {
    'read-write': !readOnly,
    'read-only': readOnly,
    primary: !standby,
    standby,
  };
  if (fits[wanted] === false)
    throw new RestorePointError({
      code: 'connection.sessionAttrs',
      what: l10n.t('{0} is not the kind of server the connection asks for.', placeText(host)),
      why: l10n.t(
        'The connection wants {0}; this server is {1}.',
        wanted,
        standby ? 'standby' : readOnly ? 'read-only' : 'primary, read-write',
      ),
      next: l10n.t('Add the host of the wanted server, or change target_session_attrs.'),
      remedies: [{ do: 'editConnection' }, { do: 'retry' }],
    });
}

/** One failure as it is; several as one error with the first one's code and every reason. */
function together(failures: RestorePointError[], hosts: number): RestorePointError {
  const [first] = failures;
  if (!first) throw new Error('no host');
  if (failures.length === 1) return first;
  return new RestorePointError(
    {
      ...first.facts(),
      what: l10n.t('None of the {0} hosts can be used.', hosts),
      why: failures.map(({ what, why }) => `${what} ${why}`).join(' '),
    },
    { cause: first },
  );
}

function shuffle<T>(list: T[]): void {
  for (let last = list.length - 1; last > 0; last--) {
    const other = Math.floor(Math.random() * (last + 1));
    [list[last], list[other]] = [list[other] as T, list[last] as T];
  }
}
