import * as l10n from '@vscode/l10n';
import { readFile, stat } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { checkServerIdentity, type ConnectionOptions, type PeerCertificate } from 'node:tls';
import { RestorePointError } from '../errors';
import { certificateFolder } from './places';
import type { ResolvedConnection } from './types';

export function tlsError(why: string, next: string, cause?: unknown): RestorePointError {
  return new RestorePointError(
    {
      code: 'connection.tls',
      what: l10n.t('No encrypted connection could be made.'),
      why,
      next,
      remedies: [{ do: 'editConnection' }],
    },
    { cause },
  );
}

/**
 * Node's TLS options for a connection by libpq's rules (https://www.postgresql.org/docs/current/libpq-ssl.html):
 * a root certificate file that exists is always checked against, so `require` becomes `verify-ca` with one;
 * client certificates come from the settings or `~/.postgresql/postgresql.{crt,key}`.
 * @param name the server's own host name, which `verify-full` checks
 * @throws RestorePointError `connection.tls` when a named file is missing or a key is open to others
 */
export async function tlsOptions(
  resolved: ResolvedConnection,
  name: string,
  env: NodeJS.ProcessEnv,
): Promise<ConnectionOptions> {
  const { settings } = resolved;
  const folder = certificateFolder(env);
  const verifies = settings.sslMode === 'verify-ca' || settings.sslMode === 'verify-full';
  const options: ConnectionOptions = {};
  if (settings.sslRootCert === 'system') options.rejectUnauthorized = true;
  else {
    const file = settings.sslRootCert || join(folder, 'root.crt');
    const root = await readIfThere(file);
    if (root) Object.assign(options, { ca: root, rejectUnauthorized: true });
    else if (verifies)
      throw tlsError(
        l10n.t('The root certificate file {0} does not exist, and {1} needs one.', file, settings.sslMode),
        l10n.t('Name the server’s root certificate, use "system", or lower the SSL mode to require.'),
      );
    else options.rejectUnauthorized = false;
  }
  if (options.rejectUnauthorized) {
    options.checkServerIdentity =
      settings.sslMode === 'verify-full' || settings.sslRootCert === 'system'
        ? (_, certificate) => checkName(name, certificate)
        : () => undefined;
    const revoked = await readIfThere(settings.extra?.sslcrl || join(folder, 'root.crl'));
    if (revoked) options.crl = revoked;
  }
  if (settings.extra?.sslcertmode !== 'disable')
    Object.assign(options, await clientCertificate(resolved, folder));
  if (isIP(name) === 0 && settings.extra?.sslsni !== '0' && !name.startsWith('/')) options.servername = name;
  const { ssl_min_protocol_version: min, ssl_max_protocol_version: max } = settings.extra ?? {};
  if (min) options.minVersion = min as ConnectionOptions['minVersion'];
  if (max) options.maxVersion = max as ConnectionOptions['maxVersion'];
  return options;
}

async function clientCertificate(
  { settings }: ResolvedConnection,
  folder: string,
): Promise<Pick<ConnectionOptions, 'cert' | 'key'>> {
  const certFile = settings.sslCert || join(folder, 'postgresql.crt');
  const cert = await readIfThere(certFile);
  if (!cert) {
    if (!settings.sslCert) return {};
    throw tlsError(
      l10n.t('The client certificate {0} does not exist.', certFile),
      l10n.t('Correct the path of the client certificate.'),
    );
  }
  const keyFile = settings.sslKey || join(folder, 'postgresql.key');
  const key = await readIfThere(keyFile);
  if (!key)
    throw tlsError(
      l10n.t('The client certificate {0} is there, but its key {1} is not.', certFile, keyFile),
      l10n.t('Correct the path of the client key.'),
    );
  const { mode, uid } = await stat(keyFile);
  // libpq's rule; the tools would refuse the file, so we do at once. root's keys may be group-readable.
  if (process.platform !== 'win32' && mode & (uid === 0 ? 0o037 : 0o077))
    throw tlsError(
      l10n.t('Others may read the client key {0} (mode {1}).', keyFile, (mode & 0o777).toString(8)),
      l10n.t('Make it yours alone: chmod 600 {0}', keyFile),
    );
  return { cert, key };
}

/** libpq also lets the common name stand for an IP address when there are no alternative names. */
function checkName(name: string, certificate: PeerCertificate): Error | undefined {
  if (isIP(name) && !certificate.subjectaltname && certificate.subject?.CN === name) return undefined;
  return checkServerIdentity(name, certificate);
}

async function readIfThere(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw tlsError(message, l10n.t('Make the file readable for you, or name another one.'), cause);
  }
}
