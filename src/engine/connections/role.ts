import { isSocket } from './keywords';
import type { Connection, ConnectionSettings, Role } from './types';

/** The role of a connection, or of one of its databases. */
export function roleOf(connection: Pick<Connection, 'role' | 'databaseRoles'>, database?: string): Role {
  const own =
    database !== undefined && connection.databaseRoles && Object.hasOwn(connection.databaseRoles, database)
      ? connection.databaseRoles[database]
      : undefined;
  return own ?? connection.role;
}

/** True when nothing of the connection goes over a network, as far as its own settings say. */
export function isLocal({
  ssh,
  settings,
}: {
  ssh?: Connection['ssh'];
  settings: ConnectionSettings;
}): boolean {
  return (
    !ssh &&
    (settings.hosts ?? []).every(({ host }) => isSocket(host) || /^(localhost$|127\.|::1$)/.test(host))
  );
}
