import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { partialPath } from '../../artifacts';
import type { Access, ResolvedConnection } from '../../connections/types';
import { askSync } from '../../askSync';
import type { ClientBuild } from '../../tools';
import type { Target } from '../target';

/** A cluster that is not there yet: where it will be, and what is known of it beforehand. */
export interface Throwaway {
  folder: string;
  build: ClientBuild;
  connection: ResolvedConnection;
  /** Only its connection can be used: it is for planning. */
  access: Access;
  target: Target;
}

const port = 5432;

export function throwaway(build: ClientBuild): Throwaway {
  // Short: the address of a socket has to fit into some hundred bytes.
  const folder = partialPath(join(tmpdir(), `rp-${randomBytes(6).toString('hex')}`));
  const connection: ResolvedConnection = {
    ...{ id: 'throwaway', name: `PostgreSQL ${build.version.major}`, role: 'local' },
    settings: { hosts: [{ host: folder, port }], user: 'postgres', database: 'postgres', sslMode: 'disable' },
  };
  const endpoint = { host: folder, port };
  return {
    ...{ folder, build, connection },
    access: { connection, endpoint, password: undefined, close: () => Promise.resolve() },
    target: targetOf(build, folder),
  };
}

/** As initdb makes it. */
function targetOf(build: ClientBuild, folder: string): Target {
  const database = (
    allowConnections: boolean,
  ): Target['databases'] extends Map<string, infer D> ? D : never => ({
    ...{ encoding: 'UTF8', sessions: 0, who: [], allowConnections, tablespace: 'pg_default', owned: true },
    ...{ comment: null, prepared: 0, slots: 0 },
  });
  return {
    ...{ version: build.version, server: folder, maintenance: 'postgres', inRecovery: false, fresh: true },
    ...{ user: 'postgres', superuser: true, createDb: true, encoding: 'UTF8' },
    databases: new Map([
      ['postgres', database(true)],
      ['template1', database(true)],
      ['template0', database(false)],
    ]),
    roles: new Set(['postgres']),
    extensions: null,
    tablespaces: new Set(['pg_default', 'pg_global']),
    settings: settingsOf(build),
  };
}

/** Names of the server's settings, as it tells them without a cluster. */
function settingsOf({ folder }: ClientBuild): Set<string> {
  const said = askSync(join(folder, 'postgres'), ['--describe-config']) ?? '';
  return new Set(said.split('\n').map((line) => line.split('\t')[0]!));
}
