import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ResolvedConnection, Secrets } from '../../../src/engine/connections/types';
import type { JobEvent } from '../../../src/engine/jobs';
import type { Plan, Step, ToolStep } from '../../../src/engine/plan';
import type { ClientBuild } from '../../../src/engine/tools/types';
import type { Cluster } from '../../support/postgres';
import { plan } from '../../unit/jobs/samples';

const run = promisify(execFile);

/** Where the bundled command line is: the runner of detached jobs. */
export const cli = join(__dirname, '../../../cli.js');

export function connectionOf(cluster: Cluster, database = 'postgres'): ResolvedConnection {
  return {
    id: 'test',
    name: 'test',
    role: 'local',
    settings: {
      hosts: [{ host: '127.0.0.1', port: cluster.port }],
      user: 'postgres',
      database,
      sslMode: 'disable',
    },
  };
}

export function secretsOf(cluster: Cluster): Secrets {
  return { test: cluster.password };
}

export function buildOf(cluster: Cluster): ClientBuild {
  return {
    folder: cluster.bin,
    version: { num: cluster.major * 10_000, major: cluster.major, minor: 0, text: `${cluster.major}` },
    tools: ['pg_dump', 'pg_dumpall', 'pg_restore', 'psql'],
    compression: ['none', 'gzip'],
    origin: 'setting',
  };
}

export function toolStep(cluster: Cluster, different: Partial<ToolStep>): ToolStep {
  return {
    do: 'tool',
    title: 'Dump',
    weight: 100,
    tool: 'pg_dump',
    build: buildOf(cluster),
    args: [],
    connection: 'source',
    database: 'shop',
    dialect: 'pg_dump',
    ...different,
  };
}

/** A backup of `database` into `path` in the custom format, through standard output or by the tool itself. */
export function dumpPlan(
  cluster: Cluster,
  path: string,
  options: { database?: string; through?: 'stdout' | 'file'; steps?: Step[]; args?: string[] } = {},
): Plan {
  const { database = 'shop', through = 'file', args = [] } = options;
  const partial = `${path}.partial`;
  const step = toolStep(cluster, {
    database,
    title: `Dump ${database}`,
    args: ['-Fc', '-Z1', '-v', ...args, ...(through === 'file' ? ['-f', partial] : [])],
    ...(through === 'file' ? { writes: partial } : { stdout: partial }),
  });
  return plan({
    title: `Back up ${database}`,
    connections: { source: connectionOf(cluster, database) },
    steps: options.steps ?? [step, { do: 'finishArtifact', title: 'Finish', weight: 10, verify: 'contents' }],
    locks: [{ server: 'test', database }],
    artifact: {
      method: 'dump',
      format: 'custom',
      compression: 'gzip',
      path,
      members: [{ path, holds: database }],
      options: {},
      notes: '',
      connectionName: 'test',
      database,
    },
    facts: { method: 'dump', format: 'custom', database },
  });
}

/** Every file in a folder, as one text. */
export async function textOf(folder: string): Promise<string> {
  const parts: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
    // A lock may be given back meanwhile.
    if (entry.isFile())
      parts.push(await readFile(join(entry.parentPath, entry.name), 'latin1').catch(() => ''));
  return parts.join('\n');
}

/** Command lines of all processes. */
export async function commandLines(): Promise<string[]> {
  const lines: string[] = [];
  for (const name of await readdir('/proc'))
    if (/^\d+$/.test(name)) lines.push(await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => ''));
  return lines;
}

/** Sessions on the server whose name begins with `restore-point`. */
export async function sessions(cluster: Cluster): Promise<number> {
  return Number(
    await cluster.sql(`select count(*) from pg_stat_activity where application_name like 'restore-point%'`),
  );
}

export function states(events: JobEvent[]): string[] {
  return events.flatMap((event) => (event.type === 'state' ? [event.state] : []));
}

/** A session that holds an exclusive lock on a table until released: pg_dump waits for it. */
export async function holdLock(cluster: Cluster, database: string, table: string) {
  const name = `holder-${Math.random().toString(36).slice(2)}`;
  const child = run(
    join(cluster.bin, 'psql'),
    [
      '-X',
      '-h',
      cluster.socketDir,
      '-p',
      String(cluster.port),
      '-U',
      'postgres',
      '-d',
      database,
      '-c',
      `begin; lock table ${table} in access exclusive mode; select pg_sleep(600)`,
    ],
    { env: { ...process.env, PGAPPNAME: name } },
  );
  child.catch(() => undefined);
  const held = async (): Promise<boolean> =>
    (await cluster.sql(
      `select count(*) from pg_locks l join pg_stat_activity a using (pid)
       where a.application_name = '${name}' and l.mode = 'AccessExclusiveLock' and l.granted and l.locktype = 'relation'`,
    )) !== '0';
  while (!(await held())) await new Promise((resolve) => setTimeout(resolve, 30));
  return {
    async release(): Promise<void> {
      await cluster.sql(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name = '${name}'`,
      );
      await child.catch(() => undefined);
    },
  };
}

/** Whether a dump of ours waits for a lock. */
export async function dumpWaits(cluster: Cluster): Promise<boolean> {
  return (
    (await cluster.sql(
      `select count(*) from pg_stat_activity where application_name like 'restore-point%' and wait_event_type = 'Lock'`,
    )) !== '0'
  );
}
