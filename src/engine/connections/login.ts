import type { Client } from 'pg';
import type { Socket } from 'node:net';
import { CancelledError } from '../errors';
import { dial, TlsFailure, type Encryption } from './dial';
import { ConnectTimeout, isDatabaseError, PasswordNeeded } from './explain';
import { isSocket } from './keywords';
import { tlsOptions } from './tls';
import type { HostPort, ResolvedConnection } from './types';

export interface LoginRequest {
  connection: ResolvedConnection;
  /** Where the stream goes. */
  endpoint: HostPort;
  /** The server's own host: what certificates are checked against. */
  host: HostPort;
  database: string;
  password: string | undefined;
  applicationName?: string;
  /** A session with a WAL sender: it takes replication commands, and no SQL. */
  replication?: boolean;
  signal?: AbortSignal;
  env?: NodeJS.ProcessEnv;
}

/** Without `connect_timeout` libpq waits for ever; an editor must not. */
export const defaultConnectTimeoutSeconds = 15;

/** What pg keeps to itself and we need: the startup message's parameters. */
interface ClientInside {
  getStartupConf(): Record<string, string>;
}

/**
 * Logs in by libpq's order of attempts for the SSL mode. Errors are raw: callers explain them.
 * @throws CancelledError when the signal is aborted
 */
export async function login(request: LoginRequest): Promise<Client> {
  const attempts = encryptionAttempts(request);
  let first: unknown;
  for (const [index, encryption] of attempts.entries()) {
    const seen = { encrypted: false };
    try {
      return await attemptLogin(request, encryption, seen);
    } catch (error) {
      if (error instanceof CancelledError) throw error;
      // The first failure says more than that of the fallback, unless it was only about TLS.
      first = index === 0 || first instanceof TlsFailure ? error : first;
      if (index + 1 === attempts.length || !allowsFallback(error, encryption, seen)) throw first;
    }
  }
  throw first;
}

/** `prefer` and `allow` have two attempts, on two connections; sockets and the far ends of socket tunnels never TLS. */
function encryptionAttempts({ connection, endpoint, host }: LoginRequest): Encryption[] {
  const { sslMode, extra } = connection.settings;
  if (isSocket(endpoint.host) || isSocket(host.host)) return ['no'];
  const must = extra?.sslnegotiation === 'direct' ? 'direct' : 'must';
  switch (sslMode) {
    case 'disable':
      return ['no'];
    case 'allow':
      return ['no', 'must'];
    case 'prefer':
      return ['try', 'no'];
    default:
      return [must];
  }
}

/**
 * libpq tries the other way after a failed handshake and after the server's no to this kind of connection;
 * not when `prefer` has been without TLS already: a second wrong password could lock the account.
 */
function allowsFallback(error: unknown, encryption: Encryption, seen: { encrypted: boolean }): boolean {
  if (error instanceof TlsFailure) return true;
  const refused = isDatabaseError(error) && error.code?.startsWith('28') === true;
  return refused && (encryption === 'no' || seen.encrypted);
}

async function attemptLogin(
  request: LoginRequest,
  encryption: Encryption,
  seen: { encrypted: boolean },
): Promise<Client> {
  const { connection, endpoint, signal } = request;
  if (signal?.aborted) throw new CancelledError();
  const seconds = connection.settings.connectTimeoutSeconds ?? defaultConnectTimeoutSeconds;
  let socket: Socket | undefined;
  let stopped: Error | undefined;
  const stop = (reason: Error): void => {
    stopped ??= reason;
    socket?.destroy(reason);
  };
  const onAbort = (): void => stop(new CancelledError());
  // libpq's least is 2 s; 0 waits for ever.
  const limit = Math.max(2, seconds);
  const timer = seconds > 0 ? setTimeout(() => stop(new ConnectTimeout(limit)), limit * 1000) : undefined;
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    const options =
      encryption === 'no' ? {} : await tlsOptions(connection, request.host.host, request.env ?? process.env);
    const { stream, encrypted } = await dial(endpoint, encryption, options, (raw) => {
      socket = raw;
      if (stopped) raw.destroy(stopped);
    });
    seen.encrypted = encrypted;
    return await startSession(request, stream, encrypted);
  } catch (error) {
    throw stopped ?? error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

/** Hands the ready stream to pg, which sees it as one that has just connected. */
async function startSession(request: LoginRequest, stream: Socket, encrypted: boolean): Promise<Client> {
  const { connection, database, password } = request;
  const { user, options, extra } = connection.settings;
  const { Client } = await import('pg');
  stream.connect = (): Socket => {
    queueMicrotask(() => stream.emit('connect'));
    return stream;
  };
  const client = new Client({
    user,
    database,
    host: request.endpoint.host,
    port: request.endpoint.port,
    stream: () => stream,
    ssl: false,
    // Called only when the server asks; an own function also keeps pg from looking into PG* and files.
    password: () => {
      if (password === undefined || password === '') throw new PasswordNeeded('no password');
      return password;
    },
    ...(encrypted && extra?.channel_binding === 'require' ? { enableChannelBinding: true } : {}),
    ...{ sslnegotiation: 'postgres' },
  });
  // Our own startup parameters: pg would mix PGOPTIONS and PGAPPNAME of this process into them.
  (client as unknown as ClientInside).getStartupConf = () => ({
    user,
    database,
    application_name: request.applicationName ?? extra?.application_name ?? 'Restore Point',
    ...(options ? { options } : {}),
    ...(request.replication ? { replication: 'true' } : {}),
  });
  // A connection lost while idle is seen by the next query; without a listener it would end the process.
  client.on('error', () => {});
  try {
    await client.connect();
    return client;
  } catch (error) {
    stream.destroy();
    throw error;
  }
}
