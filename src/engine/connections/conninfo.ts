import { isSocket, keywordsOf, type Keywords } from './keywords';
import { defaultConnectTimeoutSeconds } from './login';
import { formatKeyValue } from './text';
import type { Access } from './types';

/** Keywords the choice of a host has used up; older tools would refuse some of them. */
const settled = [
  'service',
  'servicefile',
  'hostaddr',
  'passfile',
  'target_session_attrs',
  'load_balance_hosts',
];

/**
 * What a PostgreSQL program is told with `--dbname`: a libpq string that points at the access' endpoint
 * and keeps the server's own name for certificates. Holds no password.
 * @param extra further keywords, stronger than the connection's (`application_name`, say)
 */
export function toConninfo(access: Access, database: string, extra: Keywords = {}): string {
  const { settings } = access.connection;
  const { endpoint } = access;
  const own = access.host ?? settings.hosts[0] ?? endpoint;
  const keywords = keywordsOf(settings);
  for (const name of settled) delete keywords[name];
  if (isSocket(endpoint.host) || endpoint.host === own.host) keywords.host = endpoint.host;
  else if (isSocket(own.host)) {
    // A socket at the far end of a tunnel: the server speaks no TLS there, and has no name.
    keywords.host = endpoint.host;
    keywords.sslmode = 'disable';
  } else {
    keywords.host = own.host;
    keywords.hostaddr = endpoint.host;
  }
  keywords.port = String(endpoint.port);
  // libpq would wait for ever.
  keywords.connect_timeout ??= String(defaultConnectTimeoutSeconds);
  keywords.dbname = database;
  return formatKeyValue({ ...keywords, ...extra });
}
