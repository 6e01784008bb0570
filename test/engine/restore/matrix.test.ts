import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadSample, rowsOf, runTool, schemaOf } from '../../support/databases';
import { conninfo, majors, startCluster, type Cluster } from '../../support/postgres';
import { Restorer } from '../../support/restoring';

const samples = ['chinook', 'pagila', 'nasty'] as const;
const formats = ['custom', 'directory', 'tar', 'plain'] as const;

for (const major of majors)
  describe(`restore into a new database, PostgreSQL ${major}`, function () {
    this.timeout(240_000);
    let cluster: Cluster;
    let restorer: Restorer;
    let folder: string;

    before(async () => {
      cluster = await startCluster(major);
      restorer = await Restorer.open(cluster);
      folder = await mkdtemp(join(tmpdir(), 'rp-matrix-'));
      for (const sample of samples) await loadSample(cluster, sample);
    });
    after(async () => {
      await restorer?.close();
      await cluster?.stop();
      await rm(folder, { recursive: true, force: true });
    });

    for (const format of formats)
      for (const sample of samples)
        it(`${sample}, ${format}: the same rows, the same schema`, async () => {
          const path = join(folder, `${sample}-${format}`);
          await runTool(cluster, major, 'pg_dump', [
            `--format=${format}`,
            `--file=${path}`,
            '-d',
            conninfo(sample),
          ]);
          const database = `${sample} ${format} "copy"\n🙂`;
          const outcome = await restorer.restore({ artifact: path, database, strategy: 'new' });
          assert.equal(outcome.state, 'succeeded', JSON.stringify(outcome, null, 1));
          assert.deepEqual(await rowsOf(cluster, database), await rowsOf(cluster, sample));
          assert.equal(await schemaOf(cluster, database, major), await schemaOf(cluster, sample, major));
          const { entries, undo } = outcome.result as { entries: Record<string, number>; undo: unknown };
          assert.equal(entries.failed, 0);
          assert.ok(entries.restored! > 30);
          assert.equal(undo, null);
          await cluster.sql(`drop database "${database.replaceAll('"', '""')}"`);
        });
  });
