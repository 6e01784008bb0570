import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { postgresBin, startCluster, type Cluster } from '../support/postgres';
import { uriWithoutPassword } from './database';
import { runPair } from './pairs';

const run = promisify(execFile);
const megabytes = Number(process.env.RESTORE_POINT_BENCH_MB || 1000);
const runs = Number(process.env.RESTORE_POINT_BENCH_RUNS || 3);
/** Bytes of a row on disk, about. */
const rowBytes = 130;

/** Comparing dumps and databases against reading both, and against restoring both and asking SQL. */
export async function benchCompare(): Promise<void> {
  const major = 17;
  const cluster = await startCluster(major);
  const folder = await mkdtemp(join(tmpdir(), 'rp-bench-'));
  const bin = postgresBin(major)!;
  try {
    await fill(cluster);
    const dumps = await Promise.all(
      ['before', 'after'].map(async (database) => {
        const path = join(folder, `${database}.dump`);
        await run(join(bin, 'pg_dump'), ['-Fc', '-f', path, database], { env: envOf(cluster) });
        return path;
      }),
    );
    const [before, after] = dumps as [string, string];
    const live = uriWithoutPassword(cluster, 'after');
    const read = async (): Promise<void> => {
      for (const path of dumps) await run(join(bin, 'pg_restore'), ['-f', '/dev/null', path]);
    };
    const ours = async (left: string, right: string): Promise<void> => {
      const peak = await compared(cluster, bin, folder, left, right);
      peaks.set(`${left} ${right}`, Math.max(peaks.get(`${left} ${right}`) ?? 0, peak));
    };
    const peaks = new Map<string, number>();
    const size = `${megabytes} MB, 0.1 % changed`;
    await runPair({
      ...{ name: `dump against dump (${size})`, aim: 'at most 2.5', ratio: 'of theirs', runs },
      ours: () => ours(before, after),
      theirs: read,
    });
    await runPair({
      ...{ name: `dump against live (${size})`, aim: 'none given', ratio: 'of theirs', runs },
      ours: () => ours(before, live),
      theirs: read,
    });
    await runPair({
      ...{ name: `equal dumps (${megabytes} MB)`, aim: 'at most 1.5', ratio: 'of theirs', runs },
      ours: () => ours(before, `${after}.same`),
      theirs: read,
    });
    for (const [name, right] of [
      ['dump', after],
      ['live', live],
    ] as const)
      await runPair({
        ...{
          name: `dump against ${name}, against restoring both and EXCEPT (${size})`,
          aim: 'at least 8',
          runs: 1,
        },
        ratio: 'times faster',
        ours: () => ours(before, right),
        theirs: () => restoredAndAsked(cluster, bin, dumps),
      });
    for (const [what, peak] of peaks)
      console.log(`peak memory ${what.replaceAll(`${folder}/`, '')}: ${peak} MB; aim: under 300`);
  } finally {
    await cluster.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function envOf(cluster: Cluster): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    PGHOST: cluster.socketDir,
    PGPORT: String(cluster.port),
    PGUSER: 'postgres',
  };
}

async function fill(cluster: Cluster): Promise<void> {
  await cluster.sql('create database before');
  await cluster.sql(
    `create table orders (id bigint primary key, customer int, status text, total numeric(12,2), placed timestamptz, note text);
     insert into orders select g, g % 10000, (array['open','paid','shipped','refunded'])[1 + g % 4], (g % 100000) / 100.0,
            timestamptz '2024-01-01' + g * interval '1 second', md5(g::text) || ' ' || md5((g * 7)::text)
       from generate_series(1, ${Math.floor((megabytes * 1024 * 1024) / rowBytes)}) g; analyze`,
    'before',
  );
  await cluster.sql('create database after template before strategy file_copy');
  await cluster.sql("update orders set status = 'changed' where id % 1000 = 0", 'after');
}

/** Runs the command and gives the most memory it took, in MB. */
async function compared(
  cluster: Cluster,
  bin: string,
  folder: string,
  left: string,
  right: string,
): Promise<number> {
  const log = join(folder, 'time');
  // The same path twice is refused: one file by two names.
  if (right.endsWith('.same')) await run('ln', ['-f', left, right]);
  const peak = join(folder, 'peak.cjs');
  await writeFile(
    peak,
    `process.on('exit', () => require('node:fs').writeFileSync(process.env.PEAK, String(process.resourceUsage().maxRSS)));`,
  );
  await run(process.execPath, ['-r', peak, 'dist/cli.js', 'compare', left, right, '--data', '--tools', bin], {
    env: {
      ...process.env,
      PGPASSWORD: cluster.password,
      RESTORE_POINT_HOME: join(folder, 'home'),
      PEAK: log,
    },
    maxBuffer: 1 << 26,
  }).catch((error: { code?: number }) => {
    if (error.code !== 3) throw error as Error;
  });
  return Math.round(Number(await readFile(log, 'utf8')) / 1024);
}

async function restoredAndAsked(cluster: Cluster, bin: string, dumps: readonly string[]): Promise<void> {
  const env = envOf(cluster);
  await cluster.sql('create database asked');
  for (const [at, path] of dumps.entries()) {
    await run(join(bin, 'pg_restore'), ['-d', 'asked', '--no-owner', path], { env });
    await cluster.sql(`create schema side${at}; alter table orders set schema side${at}`, 'asked');
  }
  await cluster.sql(
    'select count(*) from (table side0.orders except all table side1.orders) a; select count(*) from (table side1.orders except all table side0.orders) b',
    'asked',
  );
  await cluster.sql('drop database asked');
}
