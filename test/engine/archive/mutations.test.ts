import assert from 'node:assert/strict';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { countRows, salvage } from '../../../src/engine/archive';
import { RestorePointError } from '../../../src/engine/errors';
import { takeApart } from '../../support/archive-image';
import { readDamaged } from '../../support/damage';
import { loadSample } from '../../support/databases';
import { dump } from '../../support/dumps';
import { useTempFolder } from '../../support/fixtures';
import { mutate } from '../../support/mutations';
import { startCluster, type Cluster } from '../../support/postgres';
import { startWatchdog } from '../../support/watchdog';

/** Mutated files in all; `RESTORE_POINT_MUTATIONS=20000` for the long mode, with `RESTORE_POINT_SEED` for others. */
const total = Number(process.env.RESTORE_POINT_MUTATIONS ?? 780);
const seed = Number(process.env.RESTORE_POINT_SEED ?? 1);
/** A memory a mutated file may lead to, in MiB: that of the test process with all it holds. */
const MEMORY = 900;

describe('mutated dumps', function () {
  this.timeout(total * 300 + 60_000);
  const folder = useTempFolder();
  const formats = ['-Fc -Z0', '-Fc -Zgzip', '-Fc -Zlz4', '-Fc -Zzstd', '-Fc --inserts', '-Ft', '-Fp', 'gzip'];
  const folders = ['-Fd -Z0', '-Fd -Zgzip', '-Fd -Zlz4', '-Fd -Zzstd'];
  const share = Math.ceil(total / (formats.length + folders.length));
  const seen = { files: 0, unseen: new Map<string, number>(), missedCuts: [] as string[] };
  let cluster: Cluster;
  let watchdog: ReturnType<typeof startWatchdog>;

  before(async () => {
    cluster = await startCluster(17);
    await loadSample(cluster, 'nasty');
    watchdog = startWatchdog(20_000);
  });
  after(async () => {
    await watchdog?.stop();
    await cluster?.stop();
    if (total > 5000)
      console.log(
        `${seen.files} mutated files; without a fault:`,
        Object.fromEntries([...seen.unseen].sort()),
        seen.missedCuts,
      );
  });

  /** Reads a mutated dump in every way; returns whether anything was found. */
  async function survive(path: string, how: string, options: string): Promise<boolean> {
    watchdog.beat();
    const { faults } = await readDamaged(path);
    if (seen.files++ % 15 === 0) {
      const target = join(folder(), 'salvaged');
      try {
        await salvage(path, target, { as: seen.files % 2 ? 'script' : 'files' });
      } catch (error) {
        assert.ok(error instanceof RestorePointError, String((error as Error).stack));
      }
      for (const name of await readdir(folder()))
        if (name.startsWith('salvaged')) await rm(join(folder(), name), { recursive: true });
    }
    if (seen.files % 50 === 0) {
      const { rss } = process.memoryUsage();
      assert.ok(
        rss < MEMORY * 1024 * 1024,
        `${Math.round(rss / 1024 / 1024)} MiB after ${how} of ${options}`,
      );
    }
    if (faults.length === 0) {
      const key = `${options}: ${how}`;
      seen.unseen.set(key, (seen.unseen.get(key) ?? 0) + 1);
    }
    return faults.length > 0;
  }

  for (const [i, options] of formats.entries())
    it(options, async () => {
      const file = join(folder(), 'whole');
      await dump(cluster, 'nasty', file, (options === 'gzip' ? '-Fc -Z0' : options).split(' '));
      let whole = await readFile(file);
      const borders = options.startsWith('-Fc')
        ? takeApart(whole).borders
        : options === '-Ft'
          ? Array.from({ length: whole.length >> 9 }, (_, n) => n * 512 + [0, 124, 148, 512 - 388][n % 4]!)
          : [];
      if (options === 'gzip') whole = gzipSync(whole);
      // pg_dump writes a comment, an empty line and \unrestrict behind the line that says it is complete.
      const needed = options === '-Fp' ? whole.lastIndexOf('dump complete') : whole.length;
      for (const { how, bytes } of mutate(whole, borders, seed * 100 + i, share)) {
        await writeFile(file, bytes);
        const found = await survive(file, how, options);
        // A tar file's end is two empty blocks: one of them is enough.
        const end = options === '-Ft' ? needed - 512 : needed;
        if (how === 'cut' && bytes.length < end)
          assert.ok(found, `a cut at ${bytes.length} of ${whole.length} went unnoticed`);
      }
    });

  for (const [i, options] of folders.entries())
    it(`${options}, one file at a time`, async () => {
      const path = join(folder(), 'whole');
      await dump(cluster, 'nasty', path, options.split(' '));
      assert.deepEqual((await countRows(path)).faults, []);
      const names = (await readdir(path)).sort();
      for (let n = 0; n < share; n++) {
        // Every other time the table of contents or a list of large objects.
        const special = names.filter((name) => name.includes('toc'));
        const from = n % 2 ? special : names;
        const name = from[(n >> 1) % from.length]!;
        const file = join(path, name);
        const whole = await readFile(file);
        const [mutated] = [...mutate(whole, [], seed * 1000 + i * 7 + n, (n % 13) + 1)].slice(-1);
        const { how, bytes } = whole.length === 0 ? { how: 'garbage', bytes: Buffer.from('xyz') } : mutated!;
        if (n % 17 === 0) await rm(file);
        else await writeFile(file, bytes);
        const found = await survive(path, how, options);
        const any = options === '-Fd -Z0' && name.startsWith('blob_');
        if ((how === 'cut' && bytes.length < whole.length && !any) || n % 17 === 0)
          assert.ok(
            found,
            `${name}: ${n % 17 === 0 ? 'missing' : `cut at ${bytes.length} of ${whole.length}`}`,
          );
        await writeFile(file, whole);
      }
    });
});
