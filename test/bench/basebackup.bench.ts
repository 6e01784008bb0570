import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { planBackup, type BaseBackupRequest } from '../../src/engine/backup';
import { createJob, runJob } from '../../src/engine/jobs';
import { accessTo, testBuilds } from '../support/restoring';
import { startCluster, type Cluster } from '../support/postgres';
import { fillDatabase, uriWithoutPassword } from './database';
import { runPair } from './pairs';

const run = promisify(execFile);
const megabytes = Number(process.env.RESTORE_POINT_BENCH_MB || 300);

/** Our job against bare pg_basebackup, our default against `-Ft -z`, an incremental backup against a full one. */
export async function benchBasebackup(): Promise<void> {
  for (const major of [15, 17]) {
    // A vacuum in between would touch every page.
    const settings = {
      wal_level: 'replica',
      autovacuum: 'off',
      ...(major >= 17 ? { summarize_wal: 'on' } : {}),
    };
    const cluster = await startCluster(major, { settings });
    const folder = await mkdtemp(join(tmpdir(), 'rp-bench-'));
    try {
      await fillDatabase(cluster, 'shop', megabytes);
      await cluster.sql('vacuum (freeze, analyze)', 'shop');
      await compare(cluster, folder);
    } finally {
      await cluster.stop();
      await rm(folder, { recursive: true, force: true });
    }
  }
}

async function compare(cluster: Cluster, folder: string): Promise<void> {
  const { major, bin } = cluster;
  const env = { ...process.env, PGPASSWORD: cluster.password };
  const to = join(folder, 'ours');
  const builds = await testBuilds([major]);
  const home = { config: join(folder, 'config'), state: join(folder, 'state'), backups: to };
  const access = await accessTo(cluster);
  let made = { bytes: 0, artifact: '' };

  const ours = async (request: Omit<BaseBackupRequest, 'method'>): Promise<void> => {
    if (request.level === undefined) await rm(to, { recursive: true, force: true });
    const plan = await planBackup(
      { method: 'basebackup', ...request },
      { access, builds, folder: to, now: new Date() },
    );
    const job = await createJob(plan, home);
    const { state, result, error } = await runJob(
      job.folder,
      { [access.connection.id]: cluster.password },
      { home },
    );
    if (state !== 'succeeded') throw new Error(JSON.stringify(error));
    made = result as typeof made;
  };
  const target = join(folder, 'theirs');
  const theirs = async (...options: string[]): Promise<void> => {
    await rm(target, { recursive: true, force: true });
    const where = ['-D', target, '-c', 'fast', '-d', uriWithoutPassword(cluster), '-P', '-v'];
    await run(join(bin, 'pg_basebackup'), [...where, ...options], { env, maxBuffer: 1 << 26 });
  };

  try {
    await runPair({
      name: `pg_basebackup ${major}: the job against the command it runs, plain (${megabytes} MB), not read back`,
      aim: 'at most 1.03',
      ratio: 'of theirs',
      ours: () => ours({ format: 'basebackup-plain', verify: 'none' }),
      theirs: () => theirs(),
    });
    await runPair({
      name: `pg_basebackup ${major}: the same, zstd in tar files`,
      aim: 'at most 1.03',
      ratio: 'of theirs',
      ours: () => ours({ verify: 'none' }),
      theirs: () => theirs('-Ft', '-Z', 'server-zstd:3'),
    });
    await runPair({
      name: `pg_basebackup ${major}: our default, every file read back, against -Ft -z, which nobody has read`,
      aim: 'at least 2',
      runs: 3,
      ratio: 'times faster',
      ours: () => ours({}),
      theirs: () => theirs('-Ft', '-z'),
    });
    const size = await bytesOf(target);
    console.log(`    size   ${(made.bytes / size).toFixed(3)} of theirs; aim: no larger`);
    if (major >= 17) await incremental(cluster, ours, () => made.bytes);
  } finally {
    await access.close();
  }
}

/** One of a hundred pages of the large table is written to. */
async function incremental(
  cluster: Cluster,
  ours: (request: Omit<BaseBackupRequest, 'method'>) => Promise<void>,
  bytes: () => number,
): Promise<void> {
  await ours({});
  const full = bytes();
  await cluster.sql(
    `update orders set total = 0 where (ctid::text::point)[0]::int % 100 = 0
       and (ctid::text::point)[1] = 1`,
    'shop',
  );
  const began = performance.now();
  await ours({ level: 'incremental' });
  const seconds = ((performance.now() - began) / 1000).toFixed(2);
  console.log(
    `pg_basebackup ${cluster.major}: incremental after 1 % of the pages changed\n    size   ${(bytes() / full).toFixed(3)} of the full one (${bytes()} of ${full} bytes), ${seconds} s; aim: under 0.1`,
  );
}

async function bytesOf(folder: string): Promise<number> {
  const sizes = await Promise.all(
    (await readdir(folder)).map(async (name) => (await stat(join(folder, name))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
