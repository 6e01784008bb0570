import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chown, mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { planCreatePoint, type RestoreRequest } from '../../../src/engine/restore';
import { loadSample, runTool } from '../../support/databases';
import { useTempFolder } from '../../support/fixtures';
import { startCluster, type Cluster } from '../../support/postgres';
import { Restorer } from '../../support/restoring';

/** A disk with room for one database and a half. */
describe('restores onto a disk that is too small', function () {
  this.timeout(120_000);
  const folder = useTempFolder();
  let cluster: Cluster;
  let restorer: Restorer;
  let disk: string;

  before(async function () {
    cluster = await startCluster(15);
    restorer = await Restorer.open(cluster);
    disk = join(cluster.socketDir, 'small');
    await mkdir(disk);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=11m', 'tmpfs', disk], { stdio: 'pipe' });
    } catch {
      this.skip();
    }
    await chown(disk, (await stat(cluster.dataDir)).uid, -1);
    await cluster.sql(`create tablespace small location '${disk}'`);
    await loadSample(cluster, 'chinook');
    await cluster.sql('create database shop template chinook tablespace small strategy file_copy');
    await cluster.sql(`update "Artist" set "Name" = 'mine' where "ArtistId" = 1`, 'shop');
  });
  after(async () => {
    await restorer?.close();
    try {
      // Lazily: the server still has files open there.
      execFileSync('umount', ['-l', disk], { stdio: 'pipe' });
    } catch {
      // It was not mounted.
    }
    await cluster?.stop();
  });

  const request = async (more: Partial<RestoreRequest>): Promise<RestoreRequest> => {
    const path = join(folder(), 'dump');
    await runTool(cluster, 15, 'pg_dump', ['-Fc', '-f', path, 'chinook']);
    return { artifact: path, database: 'shop', strategy: 'replace', ...more };
  };
  const unharmed = async (): Promise<void> => {
    assert.equal(await cluster.sql(`select "Name" from "Artist" where "ArtistId" = 1`, 'shop'), 'mine');
    assert.equal(
      await cluster.sql(
        'select string_agg(datname, $$,$$ order by datname) from pg_database where not datistemplate',
      ),
      'chinook,postgres,shop',
    );
  };

  for (const [name, more] of [
    ['replace', {}],
    ['in place, after a clone', { strategy: 'in-place' }],
  ] as const)
    it(`${name}: the old data are there under the old name, and the report says so`, async () => {
      const outcome = await restorer.restore(await request(more));
      assert.equal(outcome.state, 'failed');
      assert.equal(outcome.error?.code, 'disk.full', JSON.stringify(outcome.error));
      assert.match(outcome.error?.what ?? '', /shop is as it was/);
      assert.match(outcome.error?.why ?? '', /No space left on device/);
      assert.ok(outcome.error?.next);
      await unharmed();
    });

  it('a restore point that does not fit is taken away', async () => {
    const plan = await restorer.with((context) => planCreatePoint({ database: 'shop' }, context));
    const outcome = await restorer.run(plan);
    assert.equal(outcome.state, 'failed');
    await unharmed();
  });
});
