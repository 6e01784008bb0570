import * as l10n from '@vscode/l10n';
import { RestorePointError } from '../errors';
import { isLocal } from './role';
import { newConnectionId, ConnectionStore } from './store';
import { isUri, parseConnectionText, type ParsedConnection } from './text';
import type { Connection, ConnectionSettings } from './types';

/**
 * What the command line's `--connection` names: a stored connection's id or name, a URI, a key=value
 * string, or a service.
 * @throws RestorePointError `connection.secret` when the text holds a password: arguments are seen by all
 *   users of the machine; `connection.syntax`
 */
export function toConnection(
  text: string,
  store: Pick<ConnectionStore, 'get'> = new ConnectionStore(),
): Connection {
  const stored = store.get(text);
  if (stored) return stored;
  const parsed = isUri(text.trim()) || text.includes('=') ? parseConnectionText(text) : serviceNamed(text);
  if (parsed.password !== undefined)
    throw new RestorePointError({
      code: 'connection.secret',
      what: l10n.t('The connection text holds a password.'),
      why: l10n.t('Every user of this machine can read the arguments of a running program.'),
      next: l10n.t('Leave it out and give it by PGPASSWORD, the password file or when asked.'),
    });
  return connectionFrom(parsed);
}

function serviceNamed(name: string): ParsedConnection {
  return { settings: { service: name.trim() }, name: name.trim() };
}

/** A new connection around parsed settings, with an id of its own. Its role is guessed from its place. */
export function connectionFrom(parsed: Pick<ParsedConnection, 'settings' | 'name'>): Connection {
  const { settings, name } = parsed;
  return { id: newConnectionId(), name, role: isPlainlyLocal(settings) ? 'local' : 'development', settings };
}

function isPlainlyLocal(settings: ConnectionSettings): boolean {
  return !settings.service && settings.hosts !== undefined && isLocal({ settings });
}
