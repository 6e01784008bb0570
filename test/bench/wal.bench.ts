import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { scanEvents, WalFolder } from '../../src/engine/physical';
import { postgresBin, startCluster } from '../support/postgres';

const run = promisify(execFile);
const cli = resolve('dist/cli.js');
/** Each way archives every segment so often. */
const rounds = Number(process.env.RESTORE_POINT_BENCH_ROUNDS || 4);

interface Way {
  name: string;
  /** Archives one segment into a folder. */
  push(segment: string, to: string): Promise<void>;
  times: number[];
  bytes: number;
}

/**
 * `wal push` of segments of 16 MB that a server wrote, start of the process included, beside what people write into
 * archive_command: each in turn on the same segment, so that a machine that drifts slows all.
 */
export async function benchWal(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'rp-bench-wal-'));
  try {
    const segments = await realSegments(folder);
    const shell = (script: string) => async (segment: string, to: string) =>
      void (await run('/bin/sh', ['-c', script, 'sh', segment, join(to, segment.slice(-24))]));
    const ours = (compression: string) => async (segment: string, to: string) =>
      void (await run(process.execPath, [
        cli,
        'wal',
        'push',
        segment,
        '--to',
        to,
        '--compress',
        compression,
      ]));
    const ways: Way[] = [
      {
        name: 'Node alone',
        push: async () => void (await run(process.execPath, ['-e', ''])),
        times: [],
        bytes: 0,
      },
      { name: 'ours, zstd', push: ours('zstd'), times: [], bytes: 0 },
      { name: 'ours, gzip', push: ours('gzip'), times: [], bytes: 0 },
      { name: 'ours, none', push: ours('none'), times: [], bytes: 0 },
      {
        name: 'cp and sync',
        push: shell('test ! -f "$2" && cp "$1" "$2" && sync "$2"'),
        times: [],
        bytes: 0,
      },
      { name: 'gzip and sync', push: shell('gzip < "$1" > "$2.gz" && sync "$2.gz"'), times: [], bytes: 0 },
      {
        name: 'gzip -1 and sync',
        push: shell('gzip -1 < "$1" > "$2.gz" && sync "$2.gz"'),
        times: [],
        bytes: 0,
      },
    ];
    for (let round = -1; round < rounds; round++)
      for (const segment of segments) for (const way of ways) await once(way, segment, folder, round >= 0);
    const copied = ways.find(({ name }) => name === 'cp and sync')!.times;
    console.log(
      `wal push of ${segments.length} segments of 16 MB, ${rounds} times each; aim: p95 under 150 ms`,
    );
    for (const { name, times, bytes } of ways) {
      const [p50, p95] = [percentile(times, 0.5), percentile(times, 0.95)];
      const ratio = percentile(
        times.map((time, at) => time / copied[at]!),
        0.5,
      );
      const share = (bytes / (segments.length * 16 * 1024 * 1024) / rounds) * 100;
      console.log(
        `    ${name.padEnd(17)} median ${p50.toFixed(0)} ms, p95 ${p95.toFixed(0)} ms, ${ratio.toFixed(2)} of cp and sync, size ${share.toFixed(0)} %`,
      );
    }
    await scanning(join(folder, 'segments'), segments);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Events out of the same segments, beside pg_waldump that prints the records which hold them. */
async function scanning(archive: string, segments: string[]): Promise<void> {
  const bin = postgresBin(15)!;
  const ours: number[] = [];
  const theirs: number[] = [];
  let events = 0;
  for (let round = -1; round < rounds; round++) {
    let start = performance.now();
    ({ events } = await scanEvents(new WalFolder(archive), {}, () => {}));
    const own = performance.now() - start;
    start = performance.now();
    const ends = [segments[0]!, segments.at(-1)!].map((path) => path.slice(-24));
    const words = ['-q', '-p', archive, '-r', 'Transaction', ...ends];
    // Its last record goes on in a segment that is not there: it ends with an error then.
    await run(join(bin, 'pg_waldump'), words, { maxBuffer: 1 << 28 }).catch(() => undefined);
    if (round < 0) continue;
    ours.push(own);
    theirs.push(performance.now() - start);
  }
  const [p50, other] = [percentile(ours, 0.5), percentile(theirs, 0.5)];
  const speed = (segments.length * 16) / (p50 / 1000);
  console.log(
    `wal events of the same segments: ${speed.toFixed(0)} MB/s, ${events} events, ${(p50 / other).toFixed(2)} of pg_waldump -r Transaction`,
  );
}

/**
 * Into an archive of its own, that is in use as a server's is. The first round is not counted: it begins the archives, and warms
 * the disk's cache.
 */
async function once(way: Way, segment: string, folder: string, counts: boolean): Promise<void> {
  const to = join(folder, way.name);
  await mkdir(to, { recursive: true });
  const start = performance.now();
  await way.push(segment, to);
  const time = performance.now() - start;
  if (counts) way.times.push(time);
  for (const name of (await readdir(to)).filter((stored) => !stored.startsWith('.'))) {
    if (counts) way.bytes += (await stat(join(to, name))).size;
    await rm(join(to, name));
  }
}

function percentile(values: number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]!;
}

/** Segments of inserts, updates, an index and full pages. */
async function realSegments(folder: string): Promise<string[]> {
  const cluster = await startCluster(15, { settings: { full_page_writes: 'on', wal_keep_size: '1GB' } });
  try {
    await cluster.sql('create table t (id bigint, note text, at timestamptz default now())');
    const insert = `insert into t select i, md5(i::text) || md5((i * 7)::text) from generate_series(1, 250000) i`;
    for (const sql of [
      insert,
      'create index on t (note)',
      'checkpoint',
      'update t set id = -id where id % 3 = 0',
    ])
      await cluster.sql(sql);
    await cluster.sql('select pg_switch_wal()');
    const wal = join(cluster.dataDir, 'pg_wal');
    const last = await cluster.sql('select pg_walfile_name(pg_current_wal_lsn())');
    const kept = join(folder, 'segments');
    await mkdir(kept);
    const names = (await readdir(wal)).filter((name) => /^[0-9A-F]{24}$/.test(name) && name < last).sort();
    for (const name of names.slice(0, 10)) await run('cp', [join(wal, name), kept]);
    return (await readdir(kept)).sort().map((name) => join(kept, name));
  } finally {
    await cluster.stop();
  }
}
