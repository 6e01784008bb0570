import * as l10n from '@vscode/l10n';
import type { DatabaseError } from 'pg';
import { CancelledError, isCancelled, RestorePointError, type ErrorFacts } from '../errors';
import { NotPostgres, TlsFailure } from './dial';
import { isSocket } from './keywords';
import { tlsError } from './tls';
import type { HostPort, ResolvedConnection } from './types';

/** The server asks for a password and nobody gave one. */
export class PasswordNeeded extends Error {
  override name = 'PasswordNeeded';
  /** Why a password file was not used, in sentences. */
  hints: string[] = [];
}

/** No answer within the time allowed. */
export class ConnectTimeout extends Error {
  readonly seconds: number;
  constructor(seconds: number) {
    super(`timeout after ${seconds} s`);
    this.name = 'ConnectTimeout';
    this.seconds = seconds;
  }
}

/** Where an attempt went, for the sentences; all optional, the connection's first host and database stand in. */
export interface Attempt {
  host?: HostPort;
  database?: string;
}

type Facts = Omit<ErrorFacts, 'why'>;

export function placeText({ host, port }: HostPort): string {
  if (isSocket(host)) return `${host}/.s.PGSQL.${port}`;
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Any failure to connect or of a connection, as what happened, why and what next. Never holds a password. */
export function explainConnectError(
  error: unknown,
  resolved: ResolvedConnection,
  attempt: Attempt = {},
): RestorePointError {
  if (error instanceof RestorePointError) return error;
  const host = attempt.host ?? resolved.settings.hosts[0] ?? { host: 'localhost', port: 5432 };
  const database = attempt.database ?? resolved.settings.database;
  const made = (facts: Facts, why = reasonOf(error)): RestorePointError =>
    new RestorePointError({ ...facts, why }, { cause: error });
  if (error instanceof PasswordNeeded) {
    const why = l10n.t('The server asks for a password, and none is stored or found.');
    return made(passwordNeeded(resolved, host), [why, ...error.hints].join(' '));
  }
  if (error instanceof ConnectTimeout)
    return made(timeout(host, resolved), l10n.t('No answer within {0} s.', error.seconds));
  if (error instanceof NotPostgres) return made(notPostgres(host));
  if (error instanceof TlsFailure) return explainTls(error, resolved);
  if (isDatabaseError(error))
    return made({ ...serverFacts(error, resolved, host, database), sqlState: error.code });
  return made(networkFacts(error, resolved, host));
}

/** As `explainConnectError`, but lets a cancellation through as one. */
export function toConnectError(error: unknown, resolved: ResolvedConnection, attempt: Attempt = {}): Error {
  if (error instanceof CancelledError) return error;
  return isCancelled(error) ? new CancelledError() : explainConnectError(error, resolved, attempt);
}

/** The server's own words: severity, message, SQLSTATE, detail, hint. */
export function reasonOf(error: unknown): string {
  if (isDatabaseError(error))
    return [
      `${error.severity ?? 'ERROR'}: ${error.message} (SQLSTATE ${error.code})`,
      error.detail,
      error.hint,
    ]
      .filter(Boolean)
      .join(' ');
  // Several addresses of one name were tried: each failure once.
  if (error instanceof AggregateError) return [...new Set(error.errors.map(reasonOf))].join('; ');
  return error instanceof Error ? error.message : String(error);
}

export function isDatabaseError(error: unknown): error is DatabaseError {
  return (
    error instanceof Error &&
    /^[0-9A-Z]{5}$/.test(String((error as DatabaseError).code)) &&
    'severity' in error
  );
}

const edit = { do: 'editConnection' } as const;
const retry = { do: 'retry' } as const;
const password = { do: 'enterPassword' } as const;

function passwordNeeded(resolved: ResolvedConnection, host: HostPort): Facts {
  return {
    code: 'connection.passwordNeeded',
    what: l10n.t('A password is needed for user "{0}" on {1}.', resolved.settings.user, placeText(host)),
    next: l10n.t('Enter the password, or put it into the password file.'),
    remedies: [password, edit],
  };
}

function timeout(host: HostPort, resolved: ResolvedConnection): Facts {
  return {
    code: 'connection.timeout',
    what: l10n.t('{0} does not answer.', placeText(host)),
    next: resolved.ssh
      ? l10n.t('Check that the ssh host reaches the server, or raise the connect timeout.')
      : l10n.t('Check address, firewall and VPN, or raise the connect timeout.'),
    remedies: [retry, edit],
  };
}

function notPostgres(host: HostPort): Facts {
  return {
    code: 'connection.protocol',
    what: l10n.t('What answers on {0} is not a PostgreSQL server.', placeText(host)),
    next: l10n.t('Correct the host or the port.'),
    remedies: [edit],
  };
}

function explainTls(error: TlsFailure, { settings }: ResolvedConnection): RestorePointError {
  if (error.refused)
    return tlsError(
      l10n.t('The server does not support SSL, and the SSL mode is {0}.', settings.sslMode),
      l10n.t('Switch SSL on in the server, or lower the SSL mode to prefer or disable.'),
      error,
    );
  const code = (error.cause as NodeJS.ErrnoException | undefined)?.code ?? '';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return tlsError(
      error.message,
      l10n.t('Connect by the name in the certificate, or lower the SSL mode to verify-ca.'),
      error,
    );
  if (/SELF_SIGNED|UNABLE_TO|CERT_|ISSUER/.test(code))
    return tlsError(
      l10n.t('The server’s certificate is not trusted: {0} ({1})', error.message, code),
      l10n.t('Name the certificate of the authority that signed it as root certificate.'),
      error,
    );
  return tlsError(
    error.message,
    l10n.t('Check the SSL settings of this connection and of the server.'),
    error,
  );
}

function serverFacts(
  error: DatabaseError,
  { settings }: ResolvedConnection,
  host: HostPort,
  database: string,
): Facts {
  const place = placeText(host);
  const { user } = settings;
  switch (error.code) {
    case '28P01':
      return {
        code: 'connection.password',
        what: l10n.t('{0} refuses the password of user "{1}".', place, user),
        next: l10n.t('Enter the right password.'),
        remedies: [password, edit],
      };
    case '28000':
      return authorizationFacts(error.message, place, user, database);
    case '3D000':
      return {
        code: 'connection.database',
        what: l10n.t('There is no database "{0}" on {1}.', database, place),
        next: l10n.t('Choose another database, or create it.'),
        remedies: [edit],
      };
    case '42501':
      return {
        code: 'connection.permission',
        what: l10n.t('User "{0}" may not connect to database "{1}" on {2}.', user, database, place),
        next: l10n.t('Ask an administrator to: GRANT CONNECT ON DATABASE … TO {0}', user),
        remedies: [edit],
      };
    case '53300':
      return {
        code: 'connection.tooMany',
        what: l10n.t('{0} has no connection to spare.', place),
        next: l10n.t('Try again when others have closed theirs, or raise the server’s connection limit.'),
        remedies: [retry],
      };
    case '57P03':
      return {
        code: 'connection.startingUp',
        what: l10n.t('{0} is not ready for connections yet.', place),
        next: l10n.t('Try again in a moment.'),
        remedies: [retry],
      };
    case '57P01':
    case '57P02':
    case '57P05':
      return lost(place);
    default:
      return {
        code: 'connection.failed',
        what: l10n.t('{0} refuses the connection.', place),
        next: l10n.t('Read the server’s reason and correct the connection.'),
        remedies: [edit, retry],
      };
  }
}

/** SQLSTATE 28000 is many things; only the message tells them apart (and it may be translated). */
function authorizationFacts(message: string, place: string, user: string, database: string): Facts {
  if (/client certificate/i.test(message))
    return {
      code: 'connection.tls',
      what: l10n.t('{0} does not accept the client certificate of user "{1}".', place, user),
      next: l10n.t('Name the client certificate and key that belong to this user.'),
      remedies: [edit],
    };
  if (/^role .* (does not exist|is not permitted to log in)/.test(message))
    return {
      code: 'connection.role',
      what: l10n.t('User "{0}" cannot log in on {1}.', user, place),
      next: l10n.t('Correct the user name, or create the role with LOGIN.'),
      remedies: [edit],
    };
  return {
    code: 'connection.hba',
    what: l10n.t('{0} does not let user "{1}" into database "{2}" from here.', place, user, database),
    next: l10n.t(
      'Add a line for this user, database and address to the server’s pg_hba.conf and reload it, or connect another way (SSL mode, socket, ssh tunnel).',
    ),
    remedies: [edit, retry],
  };
}

function lost(place: string): Facts {
  return {
    code: 'connection.lost',
    what: l10n.t('The connection to {0} was lost.', place),
    next: l10n.t('Check that the server runs, then try again.'),
    remedies: [retry],
  };
}

function networkFacts(error: unknown, resolved: ResolvedConnection, host: HostPort): Facts {
  const place = placeText(host);
  const codes = codesOf(error);
  const has = (...wanted: string[]): boolean => wanted.some((code) => codes.includes(code));
  if (has('ECONNREFUSED', 'ENOENT', 'EACCES', 'ENOTSOCK', 'ENOTDIR', 'EPERM'))
    return {
      code: 'connection.refused',
      what: isSocket(host.host)
        ? l10n.t('No server can be reached by the socket {0}.', place)
        : l10n.t('Nothing listens on {0}.', place),
      next: isSocket(host.host)
        ? l10n.t('Start the server, or correct the socket’s folder or the port.')
        : l10n.t('Start the server, or correct the host or the port.'),
      remedies: [retry, edit],
    };
  if (has('ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL', 'EINVAL'))
    return {
      code: 'connection.host',
      what: has('ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL')
        ? l10n.t('The host "{0}" is not known.', host.host)
        : l10n.t('The host "{0}" cannot be reached.', host.host),
      next: l10n.t('Correct the host, or check network and VPN.'),
      remedies: [edit, retry],
    };
  if (has('ETIMEDOUT')) return timeout(host, resolved);
  if (has('ECONNRESET', 'EPIPE') || /terminated|closed/i.test(reasonOf(error))) return lost(place);
  return {
    code: 'connection.failed',
    what: l10n.t('No connection to {0} could be made.', place),
    next: l10n.t('Correct the connection, or try again.'),
    remedies: [edit, retry],
  };
}

function codesOf(error: unknown): string[] {
  if (error instanceof AggregateError && error.errors.length) return error.errors.flatMap(codesOf);
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  return code ? [code] : [];
}
