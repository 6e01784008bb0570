import type { Client } from 'pg';
import { CancelledError } from '../errors';
import { dial } from './dial';
import { toConnectError } from './explain';
import { login } from './login';
import type { Access } from './types';

export interface ClientOptions {
  signal?: AbortSignal;
  /** Shown in `pg_stat_activity`. */
  applicationName?: string;
  /** A session with a WAL sender: it takes replication commands, and no SQL. */
  replication?: boolean;
}

/** How long a goodbye may take before the socket is cut. */
const goodbyeMs = 1000;

/**
 * Opens a session on one database through an open access. The caller ends it (`endClient`, or see `withClient`).
 * @throws RestorePointError `connection.*`; CancelledError
 */
export async function connectClient(
  access: Access,
  database: string,
  options: ClientOptions = {},
): Promise<Client> {
  const { connection, endpoint, password } = access;
  const host = access.host ?? connection.settings.hosts[0] ?? endpoint;
  try {
    return await login({ connection, endpoint, host, database, password, ...options });
  } catch (error) {
    throw (await access.explain?.(error)) ?? toConnectError(error, connection, { host, database });
  }
}

/**
 * Runs `use` with a session and ends the session whatever happens. An abort cancels what the server does
 * for it, then cuts the connection.
 */
export async function withClient<T>(
  access: Access,
  database: string,
  use: (client: Client) => Promise<T>,
  options: ClientOptions = {},
): Promise<T> {
  const client = await connectClient(access, database, options);
  let cancelled: Promise<void> | undefined;
  const onAbort = (): void => {
    cancelled = cancelQuery(access, client).finally(() => cut(client));
  };
  options.signal?.addEventListener('abort', onAbort, { once: true });
  try {
    if (options.signal?.aborted) throw new CancelledError();
    return await use(client);
  } catch (error) {
    if (options.signal?.aborted) throw new CancelledError();
    throw error;
  } finally {
    await cancelled;
    options.signal?.removeEventListener('abort', onAbort);
    await endClient(client);
  }
}

/** Says goodbye; a server that does not react (paused, gone) is left after a second. */
export async function endClient(client: Client): Promise<void> {
  const timer = setTimeout(() => cut(client), goodbyeMs);
  await client.end().catch(() => {});
  clearTimeout(timer);
}

/**
 * Asks the server to cancel what a session is doing; never throws, waits at most a second.
 * The request goes unencrypted, as libpq's classic one: it holds only the session's random key.
 */
export async function cancelQuery(access: Access, client: Client): Promise<void> {
  const { processID, secretKey } = client as unknown as { processID: number | null; secretKey: number };
  if (processID === null) return;
  // CancelRequest: length 16, code 80877102, process, key.
  const request = Buffer.alloc(16);
  request.writeInt32BE(16, 0);
  request.writeInt32BE(80877102, 4);
  request.writeInt32BE(processID, 8);
  request.writeInt32BE(secretKey, 12);
  let cutOff: () => void = () => {};
  const timer = setTimeout(() => cutOff(), goodbyeMs);
  try {
    const { stream } = await dial(access.endpoint, 'no', {}, (socket) => (cutOff = () => socket.destroy()));
    await new Promise<void>((resolve) => {
      // The server closes when the signal is sent.
      stream.once('close', () => resolve()).on('error', () => {});
      stream.resume();
      stream.end(request);
    });
  } catch {
    // The session is cut anyway.
  } finally {
    clearTimeout(timer);
  }
}

function cut(client: Client): void {
  (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
}
