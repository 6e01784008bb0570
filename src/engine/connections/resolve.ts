import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  defaultPort,
  hostsOf,
  keywordsOf,
  keywordsOfEnvironment,
  settingsOf,
  type Keywords,
} from './keywords';
import { homeFolder, socketFolders, systemUser } from './places';
import { findService } from './service';
import type { Connection, ResolvedConnection, ResolvedSettings } from './types';

/**
 * Fills every gap as libpq would: the connection's own settings, then its service, then `PG*` variables,
 * then defaults. The result carries no secret and needs neither files nor variables later.
 * @throws RestorePointError `connection.service`, `connection.syntax` (a damaged service file or variable)
 */
export async function resolve(
  connection: Connection,
  env: NodeJS.ProcessEnv = process.env,
): Promise<ResolvedConnection> {
  const explicit = keywordsOf(connection.settings);
  const variables = keywordsOfEnvironment(env);
  const service = explicit.service ?? variables.service;
  const served = service
    ? (await findService(service, env, explicit.servicefile ?? variables.servicefile)).keywords
    : {};
  const keywords = withoutStrayHosts(explicit, served, variables);
  if (!keywords.host && !keywords.hostaddr)
    keywords.host = connection.ssh ? 'localhost' : defaultHost(keywords.port);
  const hosts = hostsOf(keywords, connection.ssh ? 'localhost' : undefined) ?? [];
  const user = keywords.user || systemUser(env);
  const settings: ResolvedSettings = {
    ...settingsOf({ ...keywords, host: '', hostaddr: '', port: '' }),
    hosts,
    user,
    database: keywords.dbname || user,
    // A root certificate of the system asks for full verification, as libpq 16 has it.
    sslMode:
      settingsOf({ sslmode: keywords.sslmode ?? '' }).sslMode ??
      (keywords.sslrootcert === 'system' ? 'verify-full' : 'prefer'),
  };
  if (service) settings.service = service;
  for (const path of ['sslRootCert', 'sslCert', 'sslKey', 'passFile'] as const) {
    const text = settings[path];
    // People type `~`; libpq takes it for a folder's name.
    if (text?.startsWith('~/')) settings[path] = join(homeFolder(env), text.slice(2));
  }
  return { ...connection, settings };
}

/**
 * Merges by precedence. Host, address and port lists belong together: a PGHOSTADDR left over in the
 * environment must not redirect a connection whose host is named elsewhere (libpq would do that, and then
 * refuse lists of different lengths), and a port list fits only the hosts it was written for.
 */
function withoutStrayHosts(explicit: Keywords, served: Keywords, variables: Keywords): Keywords {
  const merged: Keywords = { ...variables, ...served, ...explicit };
  const owner = [explicit, served, variables].find((level) => level.host || level.hostaddr);
  for (const name of ['host', 'hostaddr'] as const) {
    delete merged[name];
    if (owner?.[name]) merged[name] = owner[name];
  }
  if (owner && owner !== variables && merged.port?.includes(',') && !explicit.port && !served.port)
    delete merged.port;
  return merged;
}

/** The folder of a local socket where one is there, else localhost (a server in a container, say). */
function defaultHost(port: string | undefined): string {
  const number = port && /^\d+$/.test(port) ? port : String(defaultPort);
  return socketFolders().find((folder) => existsSync(join(folder, `.s.PGSQL.${number}`))) ?? 'localhost';
}
