import { connectionFrom, openAccess, resolve, type Access } from '../../../src/engine/connections';
import { findBuilds, type ClientBuild } from '../../../src/engine/tools';
import type { Cluster } from '../../support/postgres';

/** A way into a test server, by password over TCP, as superuser or another role. */
export async function accessTo(
  cluster: Cluster,
  user: string = cluster.superuser,
  password = cluster.password,
): Promise<Access> {
  const connection = connectionFrom({
    name: 'test',
    settings: { hosts: [{ host: '127.0.0.1', port: cluster.port }], user, database: 'postgres' },
  });
  return await openAccess(await resolve(connection, {}), { password, env: {} });
}

/** The clients of one major only. */
export async function buildsOf(bin: string): Promise<ClientBuild[]> {
  return (await findBuilds({ folders: [bin], env: {} })).filter(({ origin }) => origin === 'setting');
}

/** Names that trip careless quoting. */
export const oddNames = [
  `we"ird 'na me`,
  'new\nline',
  '🐘 elephant',
  '-dash',
  'UPPER.dot',
  'star*?[a]',
  'back\\slash $1',
];

export function ident(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
