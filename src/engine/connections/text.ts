import * as l10n from '@vscode/l10n';
import {
  defaultPort,
  isSocket,
  keywordsOf,
  separatePassword,
  settingsOf,
  syntaxError,
  type Keywords,
} from './keywords';
import type { ConnectionSettings } from './types';

export interface ParsedConnection {
  settings: ConnectionSettings;
  /** The password the text held; belongs into the secret store, never into settings. */
  password?: string;
  /** A name to offer: `shop_dev@db.example.com`. */
  name: string;
}

/** libpq's own two schemes, and what SQLAlchemy, JDBC, Django and Rails make of them. */
const scheme = /^(?:jdbc:)?(?:postgres(?:ql)?(?:\+\w+)?|postgis):\/\//i;

/** True for texts with a scheme of a PostgreSQL URI. */
export function isUri(text: string): boolean {
  return scheme.test(text);
}

/**
 * Reads a URI (several hosts, sockets, percent-encoding) or a key=value string by libpq's rules,
 * https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING
 * @throws RestorePointError `connection.syntax`; its message never repeats the text
 */
export function parseConnectionText(text: string): ParsedConnection {
  const trimmed = text.trim();
  if (!trimmed) throw syntaxError(l10n.t('It is empty.'));
  const fromUri = isUri(trimmed);
  const { keywords, password } = fromUri
    ? separatePassword(parseUri(trimmed), 'uri')
    : separatePassword(parseKeyValue(trimmed), 'string');
  const settings = settingsOf(keywords);
  return { settings, name: suggestName(settings), ...(password ? { password } : {}) };
}

/** What to call a connection until somebody names it. */
export function suggestName(settings: ConnectionSettings): string {
  const first = settings.hosts?.[0];
  const more = settings.hosts && settings.hosts.length > 1 ? ',…' : '';
  const port = first && first.port !== defaultPort ? `:${first.port}` : '';
  const place = first ? `${first.host}${port}${more}` : (settings.service ?? 'localhost');
  return settings.database ? `${settings.database}@${place}` : place;
}

/** The settings as a URI without a password; `parseConnectionText` reads it back to the same settings. */
export function formatConnection(settings: ConnectionSettings): string {
  const { host: _host, port, dbname, user, hostaddr, ...rest } = keywordsOf(settings);
  const authority = (settings.hosts ?? []).map(({ host, port: number }) => {
    const shown = host.includes(':') && !isSocket(host) ? `[${host}]` : encode(host);
    return number === defaultPort ? shown : `${shown}:${number}`;
  });
  const parameters = Object.entries({
    // A port without a host is a parameter of its own.
    ...(settings.hosts?.length || !port ? {} : { port }),
    ...(hostaddr ? { hostaddr } : {}),
    ...rest,
  }).map(([name, value]) => `${name}=${encode(value)}`);
  return (
    'postgresql://' +
    (user ? `${encode(user)}@` : '') +
    authority.join(',') +
    (dbname ? `/${encode(dbname)}` : parameters.length ? '/' : '') +
    (parameters.length ? `?${parameters.join('&')}` : '')
  );
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function decode(text: string): string {
  if (/%(?![0-9a-f]{2})/i.test(text))
    throw syntaxError(l10n.t('A % in a URI must be followed by two hexadecimal digits; a plain % is %25.'));
  if (/%00/.test(text)) throw syntaxError(l10n.t('%00 is not allowed in a URI.'));
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw Object.assign(syntaxError(l10n.t('The percent-coded characters are not UTF-8.')), { cause });
  }
}

/** libpq's conninfo_uri_parse_options. */
function parseUri(uri: string): Keywords {
  const keywords: Keywords = {};
  let rest = uri.replace(scheme, '');
  // The user's part ends at the first @ before any slash: so has libpq it.
  const credentials = /^([^@/]*)@/.exec(rest);
  if (credentials) {
    rest = rest.slice(credentials[0].length);
    const [user = '', ...password] = (credentials[1] ?? '').split(':');
    if (user) keywords.user = decode(user);
    if (password.length) keywords.password = decode(password.join(':'));
  }
  const end = rest.search(/[/?]/);
  const authority = end < 0 ? rest : rest.slice(0, end);
  rest = end < 0 ? '' : rest.slice(end);
  if (authority) {
    const places = authority.split(',').map(parsePlace);
    keywords.host = places.map(({ host }) => host).join(',');
    if (places.some(({ port }) => port)) keywords.port = places.map(({ port }) => port).join(',');
    // `://:5433/db` names a port only.
    if (/^,*$/.test(keywords.host)) delete keywords.host;
  }
  const question = rest.indexOf('?');
  const path = question < 0 ? rest : rest.slice(0, question);
  if (path.length > 1) keywords.dbname = decode(path.slice(1));
  if (question >= 0) Object.assign(keywords, parseParameters(rest.slice(question + 1)));
  return keywords;
}

function parsePlace(place: string): { host: string; port: string } {
  if (place.startsWith('[')) {
    const match = /^\[([^\]]+)\](?::(.*))?$/s.exec(place);
    if (!match)
      throw syntaxError(l10n.t('An IPv6 address stands in brackets: [::1], or with a port [::1]:5432.'));
    return { host: decode(match[1] ?? ''), port: match[2] ?? '' };
  }
  const colon = place.indexOf(':');
  return colon < 0
    ? { host: decode(place), port: '' }
    : { host: decode(place.slice(0, colon)), port: decode(place.slice(colon + 1)) };
}

function parseParameters(query: string): Keywords {
  const keywords: Keywords = {};
  for (const pair of query.split('&')) {
    if (!pair) continue;
    const equals = pair.indexOf('=');
    if (equals < 0)
      throw syntaxError(l10n.t('A parameter after the question mark has no value (name=value).'));
    const name = decode(pair.slice(0, equals));
    const value = decode(pair.slice(equals + 1));
    // JDBC's way of saying it; libpq understands `ssl=true` too. `no-verify` is node-postgres' require.
    if (name === 'ssl') {
      if (value === 'true' || value === '1') keywords.sslmode ??= 'require';
    } else if (name === 'sslmode' && value === 'no-verify') keywords.sslmode = 'require';
    else keywords[name] = value;
  }
  return keywords;
}

/** libpq's conninfo_parse: blanks around `=` allowed, values bare or in single quotes, backslash escapes. */
export function parseKeyValue(text: string): Keywords {
  const keywords: Keywords = {};
  let at = 0;
  const blank = (): boolean => /\s/.test(text[at] ?? '');
  const skipBlanks = (): void => {
    while (at < text.length && blank()) at++;
  };
  for (skipBlanks(); at < text.length; skipBlanks()) {
    const name = /^[^=\s]*/.exec(text.slice(at))?.[0] ?? '';
    at += name.length;
    skipBlanks();
    if (text[at] !== '=' || !name)
      throw syntaxError(l10n.t('A "=" is missing: it must read keyword=value keyword=value …'));
    at++;
    skipBlanks();
    let value = '';
    const quoted = text[at] === "'";
    if (quoted) at++;
    for (; at < text.length && (quoted ? text[at] !== "'" : !blank()); at++) {
      if (text[at] === '\\' && at + 1 < text.length) at++;
      value += text[at];
    }
    if (quoted && text[at++] !== "'") throw syntaxError(l10n.t('A closing single quote is missing.'));
    keywords[name] = value;
  }
  return keywords;
}

/** Keywords as a libpq string, every value quoted: no name, however odd, is read as anything else. */
export function formatKeyValue(keywords: Keywords): string {
  return Object.entries(keywords)
    .map(([name, value]) => `${name}='${value.replace(/[\\']/g, '\\$&')}'`)
    .join(' ');
}
