import * as l10n from '@vscode/l10n';
import { RestorePointError } from '../errors';
import type { ConnectionSettings, HostPort, SslMode } from './types';

/** libpq keywords and values: the common ground of URIs, key=value strings, service files and variables. */
export type Keywords = Record<string, string>;

export const defaultPort = 5432;

/**
 * Keywords of libpq (up to 18) that mean something and hold no secret, each with its environment variable,
 * https://www.postgresql.org/docs/current/libpq-envars.html. PGCLIENTENCODING is left out: it would change
 * the encoding of every dump behind the user's back.
 */
const variables: Record<string, string | null> = {
  service: 'PGSERVICE',
  servicefile: 'PGSERVICEFILE',
  host: 'PGHOST',
  hostaddr: 'PGHOSTADDR',
  port: 'PGPORT',
  dbname: 'PGDATABASE',
  user: 'PGUSER',
  passfile: 'PGPASSFILE',
  options: 'PGOPTIONS',
  application_name: 'PGAPPNAME',
  fallback_application_name: null,
  client_encoding: null,
  connect_timeout: 'PGCONNECT_TIMEOUT',
  channel_binding: 'PGCHANNELBINDING',
  require_auth: 'PGREQUIREAUTH',
  sslmode: 'PGSSLMODE',
  sslnegotiation: 'PGSSLNEGOTIATION',
  sslcompression: 'PGSSLCOMPRESSION',
  sslcert: 'PGSSLCERT',
  sslkey: 'PGSSLKEY',
  sslcertmode: 'PGSSLCERTMODE',
  sslrootcert: 'PGSSLROOTCERT',
  sslcrl: 'PGSSLCRL',
  sslcrldir: 'PGSSLCRLDIR',
  sslsni: 'PGSSLSNI',
  sslkeylogfile: null,
  ssl_min_protocol_version: 'PGSSLMINPROTOCOLVERSION',
  ssl_max_protocol_version: 'PGSSLMAXPROTOCOLVERSION',
  min_protocol_version: 'PGMINPROTOCOLVERSION',
  max_protocol_version: 'PGMAXPROTOCOLVERSION',
  requirepeer: 'PGREQUIREPEER',
  krbsrvname: 'PGKRBSRVNAME',
  gsslib: 'PGGSSLIB',
  gssencmode: 'PGGSSENCMODE',
  gssdelegation: 'PGGSSDELEGATION',
  target_session_attrs: 'PGTARGETSESSIONATTRS',
  load_balance_hosts: 'PGLOADBALANCEHOSTS',
  keepalives: null,
  keepalives_idle: null,
  keepalives_interval: null,
  keepalives_count: null,
  tcp_user_timeout: null,
  replication: null,
};

/** Keywords that are secrets: never kept with the settings. `password` is handed back apart. */
const secretKeywords = [
  'password',
  'sslpassword',
  'oauth_client_secret',
  'scram_client_key',
  'scram_server_key',
];

/** What frameworks and poolers add to a URI for themselves (Prisma, Django, SQLAlchemy, JDBC, node-postgres). */
const foreignParameters = new Set(
  (
    'schema pgbouncer connection_limit pool_timeout socket_timeout sslaccept sslidentity statement_cache_size ' +
    'uselibpqcompat pool max_connections pool_max_conns conn_max_age conn_health_checks currentschema ' +
    'prepared_statement_cache_size preparethreshold prepared_statements supa workaround encoding charset ' +
    'serverversion binary_parameters statement_timeout sslfactory reconnect timezone search_path'
  ).split(' '),
);

const sslModes = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'];
const sessionAttributes = ['any', 'read-write', 'read-only', 'primary', 'standby', 'prefer-standby'];

/** A connection text that cannot be understood. Never quotes the text: it may hold a password. */
export function syntaxError(why: string): RestorePointError {
  return new RestorePointError({
    code: 'connection.syntax',
    what: l10n.t('The connection text cannot be understood.'),
    why,
    next: l10n.t(
      'Correct it: postgresql://user@host:5432/database, or host=… port=… dbname=… user=…; special characters in a URI are written as %XX.',
    ),
    remedies: [{ do: 'editConnection' }],
  });
}

export function isSocket(host: string): boolean {
  return host.startsWith('/') || host.startsWith('@');
}

export function isKeyword(name: string): boolean {
  return Object.hasOwn(variables, name);
}

/** Keywords set by `PG*` variables (without the service's and the password's). Empty variables count as absent. */
export function keywordsOfEnvironment(env: NodeJS.ProcessEnv): Keywords {
  const found: Keywords = {};
  for (const [keyword, variable] of Object.entries(variables))
    if (variable && env[variable]) found[keyword] = env[variable];
  if (!found.sslmode && env.PGREQUIRESSL?.startsWith('1')) found.sslmode = 'require';
  return found;
}

/**
 * Checks keywords and takes the password out.
 * @param where how the keywords came, for the message; `uri` also drops what frameworks add for themselves
 * @throws RestorePointError `connection.syntax` for unknown keywords and for secrets that cannot be kept
 */
export function separatePassword(
  keywords: Keywords,
  where: 'uri' | 'string' | 'service',
): { keywords: Keywords; password?: string } {
  const kept: Keywords = {};
  let password: string | undefined;
  for (const [name, value] of Object.entries(keywords)) {
    if (name === 'password') password = value;
    else if (secretKeywords.includes(name))
      throw syntaxError(l10n.t('"{0}" is a secret and cannot be kept with the settings.', name));
    else if (isKeyword(name)) kept[name] = value;
    else if (where === 'uri' && foreignParameters.has(name.toLowerCase())) continue;
    else throw syntaxError(l10n.t('"{0}" is not a connection parameter PostgreSQL knows.', name));
  }
  return password ? { keywords: kept, password } : { keywords: kept };
}

/** libpq's rule for host, hostaddr and port lists: one port serves all hosts, else one each. */
export function hostsOf(
  keywords: { host?: string; hostaddr?: string; port?: string },
  fallbackHost?: string,
): HostPort[] | undefined {
  const names = keywords.host ? keywords.host.split(',') : [];
  const addresses = keywords.hostaddr ? keywords.hostaddr.split(',') : [];
  const ports = keywords.port ? keywords.port.split(',').map((port) => toPort(port.trim())) : [];
  if (names.length && addresses.length && names.length !== addresses.length)
    throw syntaxError(
      l10n.t('There are {0} host names and {1} host addresses.', names.length, addresses.length),
    );
  if (!names.length && !addresses.length && !fallbackHost) return undefined;
  const count = Math.max(names.length, addresses.length, 1);
  if (ports.length > 1 && ports.length !== count)
    throw syntaxError(l10n.t('There are {0} ports for {1} hosts.', ports.length, count));
  return Array.from({ length: count }, (_, index) => {
    const address = addresses[index]?.trim();
    const host = names[index]?.trim() || address || fallbackHost || 'localhost';
    const port = (ports.length === 1 ? ports[0] : ports[index]) ?? defaultPort;
    return address && address !== host ? { host, port, address } : { host, port };
  });
}

function toPort(text: string): number {
  if (text === '') return defaultPort;
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65535)
    throw syntaxError(l10n.t('"{0}" is not a port: ports are 1 to 65535.', text));
  return port;
}

function oneOf(name: string, value: string, allowed: string[]): string {
  if (!allowed.includes(value))
    throw syntaxError(l10n.t('{0} is "{1}"; it must be one of {2}.', name, value, allowed.join(', ')));
  return value;
}

/** Keywords (checked, without password) as our settings. Empty values count as absent, as libpq has it. */
export function settingsOf(all: Keywords): ConnectionSettings {
  const keywords = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
  const { host, hostaddr, port, dbname, user, sslmode, sslrootcert, sslcert, sslkey, ...rest } = keywords;
  const { connect_timeout, options, target_session_attrs, service, passfile, ...extra } = rest;
  const settings: ConnectionSettings = {};
  const hosts = hostsOf({ host, hostaddr, port });
  if (hosts) settings.hosts = hosts;
  // A port without a host: kept for resolve, which knows the default host.
  else if (port) extra.port = String(toPort(port));
  if (dbname) settings.database = dbname;
  if (user) settings.user = user;
  if (sslmode) settings.sslMode = oneOf('sslmode', sslmode, sslModes) as SslMode;
  if (sslrootcert) settings.sslRootCert = sslrootcert;
  if (sslcert) settings.sslCert = sslcert;
  if (sslkey) settings.sslKey = sslkey;
  if (connect_timeout) {
    if (!/^-?\d+$/.test(connect_timeout.trim()))
      throw syntaxError(l10n.t('connect_timeout is "{0}"; it must be a number of seconds.', connect_timeout));
    settings.connectTimeoutSeconds = Math.max(0, Number(connect_timeout));
  }
  if (options) settings.options = options;
  if (target_session_attrs)
    settings.targetSessionAttrs = oneOf(
      'target_session_attrs',
      target_session_attrs,
      sessionAttributes,
    ) as ConnectionSettings['targetSessionAttrs'];
  if (service) settings.service = service;
  if (passfile) settings.passFile = passfile;
  if (Object.keys(extra).length) settings.extra = extra;
  return settings;
}

/** The reverse of `settingsOf`. */
export function keywordsOf(settings: ConnectionSettings): Keywords {
  const keywords: Keywords = {};
  const put = (name: string, value: string | number | undefined): void => {
    if (value !== undefined && value !== '') keywords[name] = String(value);
  };
  put('service', settings.service);
  if (settings.hosts?.length) {
    put('host', settings.hosts.map(({ host }) => host).join(','));
    if (settings.hosts.some(({ address }) => address))
      put('hostaddr', settings.hosts.map(({ address }) => address ?? '').join(','));
    put('port', settings.hosts.map(({ port }) => port).join(','));
  }
  put('dbname', settings.database);
  put('user', settings.user);
  put('sslmode', settings.sslMode);
  put('sslrootcert', settings.sslRootCert);
  put('sslcert', settings.sslCert);
  put('sslkey', settings.sslKey);
  put('connect_timeout', settings.connectTimeoutSeconds);
  put('options', settings.options);
  put('target_session_attrs', settings.targetSessionAttrs);
  put('passfile', settings.passFile);
  for (const [name, value] of Object.entries(settings.extra ?? {})) put(name, value);
  return keywords;
}
