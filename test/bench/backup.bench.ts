import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { postgresBin, startCluster, type Cluster } from '../support/postgres';
import { fillDatabase, uriWithoutPassword } from './database';
import { runPair } from './pairs';

const run = promisify(execFile);
const megabytes = Number(process.env.RESTORE_POINT_BENCH_MB || 300);

/** Our default backup against plain `pg_dump -Fc`, and our runner against the very command it runs. */
export async function benchBackup(): Promise<void> {
  for (const major of [15, 17]) {
    const cluster = await startCluster(major);
    const folder = await mkdtemp(join(tmpdir(), 'rp-bench-'));
    try {
      await fillDatabase(cluster, 'shop', megabytes);
      await compare(cluster, folder);
    } finally {
      await cluster.stop();
      await rm(folder, { recursive: true, force: true });
    }
  }
}

async function compare(cluster: Cluster, folder: string): Promise<void> {
  const { major } = cluster;
  const bin = postgresBin(major)!;
  const env = { ...process.env, PGPASSWORD: cluster.password, RESTORE_POINT_HOME: join(folder, 'home') };
  const to = join(folder, 'ours');
  let backup: { bytes: number } | undefined;

  const ours = async (verify: string): Promise<void> => {
    await rm(to, { recursive: true, force: true });
    const args = ['dist/cli.js', 'backup', '--connection', uriWithoutPassword(cluster)];
    args.push('--database', 'shop', '--to', to, '--tools', bin, '--verify', verify, '--json');
    const { stdout } = await run(process.execPath, args, { env, maxBuffer: 1 << 26 });
    backup = JSON.parse(stdout);
  };
  const dump = async (...options: string[]): Promise<void> => {
    const file = join(folder, 'theirs.dump');
    await rm(file, { force: true });
    const connection = ['-h', '127.0.0.1', '-p', String(cluster.port), '-U', 'postgres', '-d', 'shop'];
    await run(join(bin, 'pg_dump'), [...connection, ...options, '-f', file], { env, maxBuffer: 1 << 26 });
  };

  await runPair({
    name: `pg_dump ${major}: our default backup against plain pg_dump -Fc (${megabytes} MB)`,
    aim: major >= 16 ? 'at least 2' : 'at least 1.8',
    ratio: 'times faster',
    ours: () => ours('checksum'),
    theirs: () => dump('-Fc'),
  });
  const plain = (await stat(join(folder, 'theirs.dump'))).size;
  console.log(`    size   ${(backup!.bytes / plain).toFixed(3)} of theirs; aim: no larger with 16 and later`);
  const compress = major >= 16 ? '--compress=zstd:3' : '--compress=1';
  await runPair({
    name: `pg_dump ${major}: the job runner against the command it runs (${compress})`,
    aim: 'at most 1.03',
    ratio: 'of theirs',
    ours: () => ours('checksum'),
    theirs: () => dump('-Fc', compress),
  });
  const left = (await readdir(to, { recursive: true })).filter((name) => name.endsWith('.partial'));
  if (left.length) throw new Error(`Left behind: ${left.join(', ')}`);
}
