import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startCluster, type Cluster } from '../support/postgres';
import { dumpCustom, fillEntries, fillRows } from './archive-data';
import { runPair } from './pairs';
import { runProcess, type Used } from './processes';

const run = promisify(execFile);
/** Of rows, decoded. */
const megabytes = Number(process.env.RESTORE_POINT_BENCH_MB || 1024);
const runs = Number(process.env.RESTORE_POINT_BENCH_RUNS || 5);
const part = join(__dirname, 'archive-part.bench.js');

/** The archive reader against pg_restore, as whole commands: contents, first rows, full decode. */
export async function benchArchive(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'rp-bench-'));
  const cluster = await startCluster(18, { settings: { max_locks_per_transaction: '1024' } });
  try {
    await fillEntries(cluster, 'many');
    const many = join(folder, 'many.dump');
    await dumpCustom(cluster, 'many', many, 'gzip');
    await compareContents(cluster, many, 'about 50,000 entries');
    await readerAlone(many);
    await compareDecode(cluster, many, 'about 50,000 entries, 5,000 empty tables', 'no aim');

    await fillRows(cluster, 'rows', megabytes);
    for (const compress of ['none', 'gzip', 'lz4', 'zstd']) {
      const path = join(folder, `${compress}.dump`);
      await dumpCustom(cluster, 'rows', path, compress);
      const size = Math.round((await stat(path)).size / 1024 / 1024);
      const what = `${compress}, ${megabytes} MB of rows in ${size} MB`;
      const aim = compress === 'gzip' || compress === 'zstd' ? 'at most 1.3' : 'near 1.3';
      await compareDecode(cluster, path, what, aim);
      await compareFirstRows(cluster, path, what);
      if (compress === 'zstd') await compareContents(cluster, path, 'few entries, much data');
      await rm(path);
    }
  } finally {
    await cluster.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function compareContents({ bin }: Cluster, path: string, what: string): Promise<void> {
  await compare(`contents (${what}): inspect against pg_restore -l`, 'at most 1', {
    ours: () => runProcess(process.execPath, ['dist/cli.js', 'inspect', path]),
    theirs: () => runProcess(join(bin, 'pg_restore'), ['-l', path]),
  });
}

async function compareDecode({ bin }: Cluster, path: string, what: string, aim: string): Promise<void> {
  await compare(`full decode (${what}): verify with row counts against pg_restore -f /dev/null`, aim, {
    ours: () => runProcess(process.execPath, ['dist/cli.js', 'verify', '--level', 'contents', path]),
    theirs: () => runProcess(join(bin, 'pg_restore'), ['-f', '/dev/null', path]),
  });
}

async function compareFirstRows({ bin }: Cluster, path: string, what: string): Promise<void> {
  const theirs = `'${join(bin, 'pg_restore')}' -a -t events -f - '${path}' | head -n 200`;
  const rows = ['dist/cli.js', 'inspect', path, '--table', 'events', '--rows', '200'];
  await compare(
    `first 200 rows of a table (${what}): inspect --table against pg_restore -a -t | head`,
    'below 1',
    {
      ours: () => runProcess(process.execPath, rows),
      theirs: () => runProcess('sh', ['-c', theirs]),
    },
  );
}

/** Both in turn; prints the ratios of time, then processor time and peak memory where they can be seen. */
async function compare(
  name: string,
  aim: string,
  { ours, theirs }: { ours(): Promise<Used>; theirs(): Promise<Used> },
): Promise<void> {
  const mine: Used[] = [];
  const other: Used[] = [];
  await runPair({
    name,
    aim,
    runs,
    ratio: 'of theirs',
    ours: async () => void mine.push(await ours()),
    theirs: async () => void other.push(await theirs()),
  });
  const median = (list: Used[]): string => {
    const cpu = list.map(({ cpuSeconds }) => cpuSeconds).sort((a, b) => a - b)[list.length >> 1]!;
    return `${cpu.toFixed(2)} s, ${Math.max(...list.map(({ megabytes }) => megabytes)).toFixed(0)} MB`;
  };
  console.log(
    `    processor time and peak memory: ours ${median(mine)} (aim: 200 MB), theirs ${median(other)}`,
  );
}

async function readerAlone(path: string): Promise<void> {
  const times: number[] = [];
  let count = 0;
  for (let i = 0; i <= runs; i++) {
    const { stdout } = await run(process.execPath, [part, path]);
    const { entries, ms } = JSON.parse(stdout) as { entries: number; ms: number };
    count = entries;
    times.push(ms);
  }
  times.sort((a, b) => a - b);
  const [min, median, max] = [times[0]!, times[times.length >> 1]!, times.at(-1)!].map((ms) => ms.toFixed(0));
  console.log(`the reader alone: ${count} entries in ${median} ms (${min}–${max}), cold; aim: below 300 ms`);
}
