import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assertNoticed, readDamaged } from '../../support/damage';
import { dump, loadSamples } from '../../support/dumps';
import { startCluster, type Cluster } from '../../support/postgres';
import { seededRandom } from '../../support/random';

const database = 'nasty "db"';

describe('damaged dumps of every format', () => {
  let cluster: Cluster;
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rp-damage-'));
    cluster = await startCluster(17);
    await loadSamples(cluster);
  });
  after(async () => {
    await cluster?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  for (const options of [
    '-Fc -Z0',
    '-Fc -Zgzip',
    '-Fc -Zlz4',
    '-Fc -Zzstd',
    '-Fc --inserts',
    '-Ft',
    '-Fp',
    '-Fp --inserts',
  ])
    it(`${options}: notices cuts, survives changes`, async () => {
      const file = join(folder, 'whole');
      await dump(cluster, database, file, options.split(' '));
      const whole = await readFile(file);
      const random = seededRandom(options.length);
      const other = join(folder, 'other');
      // pg_dump writes a comment, an empty line and \unrestrict behind the line that says it is complete.
      const needed = options.startsWith('-Fp') ? whole.lastIndexOf('dump complete') : whole.length - 1023;
      for (let i = 0; i < 60; i++) {
        const length = Math.floor(random() * needed);
        await assertNoticed(other, whole.subarray(0, length), `cut at ${length}`);
      }
      for (let i = 0; i < 60; i++) {
        const bytes = Buffer.from(whole);
        for (let n = 0; n < 4; n++) bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
        await writeFile(other, bytes);
        await readDamaged(other);
      }
    });

  for (const compression of ['none', 'gzip', 'lz4', 'zstd'])
    it(`directory, ${compression}: notices a cut of any file`, async () => {
      const path = join(folder, `dir-${compression}`);
      await dump(cluster, database, path, ['-Fd', '-Z', compression]);
      assert.deepEqual(await readDamaged(path), { faults: [], refused: false });
      for (const name of await readdir(path)) {
        const file = join(path, name);
        const { size } = await stat(file);
        // An uncompressed large object may be of any length.
        if (size === 0 || (compression === 'none' && name.startsWith('blob_'))) continue;
        const bytes = await readFile(file);
        for (const length of [size - 1, size >> 1]) {
          await truncate(file, length);
          const { faults } = await readDamaged(path);
          assert.notEqual(faults.length, 0, `${name} cut to ${length} of ${size} went unnoticed`);
        }
        await writeFile(file, bytes);
      }
    });
});
