import assert from 'node:assert/strict';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { home } from '../../../src/engine/home';
import {
  effectText,
  readSets,
  scanEvents,
  WalFolder,
  type Scanned,
  type WalEvent,
} from '../../../src/engine/physical';
import { Archiving } from '../../support/archiving';
import { asServer, baseBackup } from '../../support/recovery';

/** As the product takes them when nothing else is asked for: in tar files, and day by day against the one before. */
for (const major of [15, 18] as const)
  describe(`names of events in the WAL from tar files: PostgreSQL ${major}`, function () {
    this.timeout(120_000);
    let server: Archiving;
    let backups: string;
    let begin: string;
    let full: string;
    let newest: string;

    before(async () => {
      // Without images of pages the WAL does not tell names that were there before.
      const settings = { full_page_writes: 'off', ...(major === 18 ? { summarize_wal: 'on' } : {}) };
      server = await Archiving.start(major, [], settings);
      const { cluster } = server;
      const shop = async (text: string): Promise<string> => await cluster.sql(text, 'shop');
      const place = join(cluster.socketDir, 'elsewhere');
      backups = join(cluster.socketDir, 'backups');
      for (const folder of [place, backups]) await asServer(cluster, '/bin/mkdir', [folder]);
      await cluster.sql(`create tablespace elsewhere location '${place}'`);
      await cluster.sql('create database shop');
      await cluster.sql('create database far tablespace elsewhere');
      await shop('create schema stock; create table stock.items (n int); create table late (n int)');
      await cluster.sql('create table away (n int)', 'far');
      // Catalogs whose files are not those of initdb any more.
      for (const catalog of ['pg_class', 'pg_namespace']) await shop(`vacuum full ${catalog}`);
      const method = major === 15 ? ['-z'] : ['--compress', 'client-zstd'];
      full = newest = await baseBackup(cluster, 'backups/full', ['-F', 'tar', ...method]);
      await shop(
        'create schema later; create table later.invoices (n int); alter table late rename to early',
      );
      if (major === 18)
        newest = await baseBackup(cluster, 'backups/more', [
          ...['-F', 'tar', ...method],
          ...['--incremental', join(full, 'backup_manifest')],
        ]);
      await server.switch();
      begin = await cluster.sql('select pg_current_wal_lsn()');
      await shop('drop table stock.items');
      await shop('drop table early');
      await shop('drop schema later cascade');
      await cluster.sql('drop table away', 'far');
      await server.switch();
    });
    after(async () => await server?.cluster.stop());

    async function scan(): Promise<{ said: string[]; scanned: Scanned; read: string[]; shares: number[] }> {
      const events: WalEvent[] = [];
      const read: string[] = [];
      const shares: number[] = [];
      const scanned = await scanEvents(
        new WalFolder(server.archive),
        { from: { lsn: begin }, losses: true },
        (event) => events.push(event),
        {
          sets: await readSets([backups]),
          onNames: (where) => read.push(where),
          onProgress: ({ share }) => shares.push(share),
        },
      );
      const said = events.flatMap((event) =>
        event.kind === 'commit'
          ? event.effects.map((effect) => `${event.database?.name ?? '?'}: ${effectText(effect)}`)
          : [],
      );
      return { said, scanned, read, shares };
    }

    it('are read once, and kept', async () => {
      const first = await scan();
      const ofFull = ['shop: DROP stock.items', 'far: DROP public.away'];
      if (major === 18) {
        assert.deepEqual(
          new Set(first.said),
          new Set([...ofFull, 'shop: DROP public.early', 'shop: DROP later.invoices']),
        );
      } else for (const line of ofFull) assert.ok(first.said.includes(line), first.said.join('\n'));
      assert.equal(first.scanned.namesFrom, newest);
      assert.deepEqual(first.read, [newest]);
      assert.deepEqual(
        first.shares,
        first.shares.toSorted((a, b) => a - b),
      );
      assert.equal(first.shares.at(-1), 1);
      const second = await scan();
      assert.deepEqual([second.said, second.scanned.namesFrom, second.read], [first.said, newest, []]);
      const kept = await readdir(join(home().state, 'catalogs'));
      assert.ok(kept.length > 0 && kept.every((name) => !name.endsWith('.tmp')), kept.join(' '));
    });

    it('are missing where the backup is damaged, and nothing else is', async () => {
      const tar = join(
        newest,
        (await readdir(newest)).find((name) => name.startsWith('base.tar'))!,
      );
      const file = await open(tar, 'r+');
      try {
        const { size } = await file.stat();
        await file.truncate(Math.floor(size / 2));
      } finally {
        await file.close();
      }
      const { said, scanned, read } = await scan();
      assert.deepEqual([scanned.namesFrom, read], [null, [newest]]);
      // Without names rows of catalogs that were rewritten are taken for a user's.
      assert.equal(said.filter((line) => line.includes(': DROP ')).length, 4, said.join('\n'));
      const kept = await readdir(join(home().state, 'catalogs'));
      assert.ok(
        kept.every((name) => !name.endsWith('.tmp')),
        kept.join(' '),
      );
    });
  });
