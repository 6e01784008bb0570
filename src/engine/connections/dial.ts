import { connect, type NetConnectOpts, type Socket } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { isSocket } from './keywords';
import type { HostPort } from './types';

/** `no`: plain. `try`: encrypted if the server has it. `must`: encrypted or nothing. `direct`: TLS from the first byte. */
export type Encryption = 'no' | 'try' | 'must' | 'direct';

/** A failure while the encryption was agreed on, told apart from network and server errors. */
export class TlsFailure extends Error {
  /** The server said that it has no TLS. */
  readonly refused: boolean;
  constructor(message: string, refused: boolean, cause?: unknown) {
    super(message, { cause });
    this.name = 'TlsFailure';
    this.refused = refused;
  }
}

/** Something answered that does not speak PostgreSQL's protocol. */
export class NotPostgres extends Error {
  override name = 'NotPostgres';
}

export interface Dialled {
  stream: Socket;
  encrypted: boolean;
}

/** Each address of a name gets this long before the next is tried; the last waits for the connect timeout. */
const addressTimeoutMs = 3000;

/** SSLRequest: length 8, code 80877103, https://www.postgresql.org/docs/current/protocol-message-formats.html */
const sslRequest = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

/**
 * Opens a stream to a server up to where the startup message goes, encrypted as asked.
 * @param onSocket told the raw socket at once, so that a caller can destroy it on timeout or cancel
 */
export async function dial(
  endpoint: HostPort,
  encryption: Encryption,
  options: ConnectionOptions,
  onSocket: (socket: Socket) => void,
): Promise<Dialled> {
  const socket = connect(socketTarget(endpoint));
  onSocket(socket);
  socket.setNoDelay(true);
  socket.setKeepAlive(true, 30_000);
  try {
    await settled(socket, 'connect');
    if (encryption === 'no') return { stream: socket, encrypted: false };
    if (encryption === 'direct') return await upgrade(socket, { ...options, ALPNProtocols: ['postgresql'] });
    socket.write(sslRequest);
    const reply = await firstByte(socket);
    if (reply === 'S') return await upgrade(socket, options);
    if (reply === 'N' && encryption === 'try') return { stream: socket, encrypted: false };
    if (reply === 'N') throw new TlsFailure('The server does not support SSL.', true);
    // 'E': the server reports an error before it knows about TLS (too many clients, out of memory).
    // libpq connects anew without TLS to read it; so does our caller.
    if (reply === 'E') throw new TlsFailure('The server answered the SSL request with an error.', false);
    throw new NotPostgres('The answer is not PostgreSQL’s.');
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

function socketTarget({ host, port, address }: HostPort): NetConnectOpts {
  const target = address ?? host;
  const name = `.s.PGSQL.${port}`;
  if (host.startsWith('@')) return { path: `\0${host.slice(1)}/${name}` };
  if (isSocket(host)) return { path: join(host, name) };
  return {
    host: target,
    port,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: addressTimeoutMs,
  };
}

async function upgrade(socket: Socket, options: ConnectionOptions): Promise<Dialled> {
  let stream: TLSSocket | undefined;
  try {
    // Throws at once for files that are no certificates, and for a key behind a passphrase.
    stream = connectTls({ ...options, socket });
    await settled(stream, 'secureConnect');
  } catch (cause) {
    stream?.destroy();
    throw new TlsFailure(cause instanceof Error ? cause.message : String(cause), false, cause);
  }
  return { stream, encrypted: true };
}

/** Waits for an event, an error or the end, and takes its listeners away again. */
function settled(stream: Socket, event: 'connect' | 'secureConnect'): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = (error?: Error): void => {
      stream.off(event, onReady).off('error', done).off('close', onClose);
      if (error) {
        // Late errors of a stream that is given up must not end the process.
        stream.on('error', () => {});
        reject(error);
      } else resolve();
    };
    const onReady = (): void => done();
    const onClose = (): void => done(closedEarly());
    stream.once(event, onReady).once('error', done).once('close', onClose);
  });
}

function firstByte(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, reply?: string): void => {
      socket.off('readable', onReadable).off('error', onError).off('close', onClose);
      if (error) {
        socket.on('error', () => {});
        reject(error);
      } else resolve(reply ?? '');
    };
    const onReadable = (): void => {
      const byte = (socket.read(1) as Buffer | null)?.toString('latin1');
      if (!byte) return;
      // Nothing may follow before our handshake: it would be stuffed in by an attacker (CVE-2021-23222).
      if (byte === 'S' && socket.readableLength > 0) done(new NotPostgres('More than one byte came.'));
      else done(null, byte);
    };
    const onError = (error: Error): void => done(error);
    const onClose = (): void => done(closedEarly());
    socket.on('readable', onReadable).once('error', onError).once('close', onClose);
  });
}

function closedEarly(): Error {
  return Object.assign(new Error('The connection was closed before the server answered.'), {
    code: 'ECONNRESET',
  });
}
