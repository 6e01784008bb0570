import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { planBackup, type BaseBackupRequest } from '../../../src/engine/backup';
import { createJob, runJob, type JobOutcome } from '../../../src/engine/jobs';
import { home } from '../../../src/engine/home';
import type { Plan } from '../../../src/engine/plan';
import { accessTo, testBuilds, type Who } from '../../support/restoring';
import { freePort, startCluster, type Cluster } from '../../support/postgres';
import { eventually } from '../../unit/jobs/samples';

const run = promisify(execFile);

/** A cluster that can be backed up, incrementally from 17 on, with rows in two tablespaces. */
export async function backedUpCluster(
  major: number,
  settings: Record<string, string> = {},
  rows = 20_000,
  hba?: string,
): Promise<{ cluster: Cluster; tablespace: string }> {
  const cluster = await startCluster(major, {
    settings: { wal_level: 'replica', ...(major >= 17 ? { summarize_wal: 'on' } : {}), ...settings },
    ...(hba === undefined ? {} : { hba }),
  });
  const tablespace = join(cluster.socketDir, 'space');
  await run('install', ['-d', '-m', '700', ...(await ownerOf(cluster)), tablespace]);
  await cluster.sql('create database shop');
  await cluster.sql(`create tablespace side location '${tablespace}'`);
  await cluster.sql(
    `create table orders as select g as id, md5(g::text) as note from generate_series(1, ${rows}) g;
     create table aside tablespace side as select g as id from generate_series(1, 500) g;
     checkpoint`,
    'shop',
  );
  return { cluster, tablespace };
}

async function ownerOf({ dataDir }: Cluster): Promise<string[]> {
  const { stdout } = await run('stat', ['-c', '%U %G', dataDir]);
  const [user = '', group = ''] = stdout.trim().split(' ');
  return ['-o', user, '-g', group];
}

/** What has to be the same after a restore. */
export const sums = `select (select count(*) || '/' || sum(hashtext(o::text)::bigint) from orders o),
  (select count(*) || '/' || sum(id) from aside)`;

/** A folder that the server's user can go into, too. */
export async function openFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rp-base-'));
  await chmod(folder, 0o755);
  return folder;
}

/** Ends the server of a restored folder, as a person would with pg_ctl. */
export async function stopServer(directory: string): Promise<void> {
  const file = join(directory, 'postmaster.pid');
  const pid = Number((await readFile(file, 'utf8').catch(() => '')).split('\n')[0]);
  if (!pid) return;
  process.kill(pid, 'SIGINT');
  await eventually(async () => !(await readFile(file).catch(() => null)), 'the restored server ends');
}

/** Asks a restored server over its own socket. */
export async function askServer(
  cluster: Cluster,
  socket: string,
  port: number,
  sql: string,
): Promise<string> {
  const args = ['-X', '-At', '-h', socket, '-p', String(port), '-U', 'postgres', '-d', 'shop', '-c', sql];
  const { stdout } = await run(join(cluster.bin, 'psql'), args, {
    env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8' },
  });
  return stdout.trim();
}

/** Plans a base backup as the engine does. */
export async function planBase(
  cluster: Cluster,
  folder: string,
  request: Omit<BaseBackupRequest, 'method'> = {},
  who: Who = {},
): Promise<Plan> {
  const access = await accessTo(cluster, who);
  try {
    const builds = await testBuilds();
    return await planBackup(
      { method: 'basebackup', ...request },
      { access, builds, folder, now: new Date() },
    );
  } finally {
    await access.close();
  }
}

/** Codes of what would fail, told before. */
export function blocking(plan: Plan): string[] {
  return plan.warnings.filter(({ blocks }) => blocks).map(({ code }) => code);
}

export function secretsFor(
  plan: Plan,
  cluster: Cluster,
  password = cluster.password,
): Record<string, string> {
  return Object.fromEntries(Object.values(plan.connections).map(({ id }) => [id, password]));
}

export async function runPlan(
  plan: Plan,
  cluster: Cluster,
  options: { signal?: AbortSignal } = {},
): Promise<JobOutcome> {
  const job = await createJob(plan, home());
  return await runJob(job.folder, secretsFor(plan, cluster), options);
}

export const noFolder = async (folder: string): Promise<void> =>
  await rm(folder, { recursive: true, force: true });
export { eventually, freePort };
