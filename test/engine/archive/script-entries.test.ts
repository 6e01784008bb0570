import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { dependencyGraph, readContents, type Entry } from '../../../src/engine/archive';
import { loadSample, runTool } from '../../support/databases';
import { dump, loadSamples, sampleDatabases } from '../../support/dumps';
import { listed } from '../../support/listing';
import { majors, startCluster, type Cluster } from '../../support/postgres';

/** Partitions by hash of an enum: their rows are loaded by way of their root. */
const LEAVES: Record<string, { table: string; parts: string[] }> = {
  'nasty "db"': { table: 'parts', parts: ['part0', 'part1'] },
  nasty: { table: 'by_mood', parts: ['by_mood_0', 'by_mood_1'] },
};

const databases = [...sampleDatabases, 'nasty'];

/** Without everything pg_dump says in comments; function bodies and values that look like them lose them, too. */
function withoutComments(script: string): string {
  return script.replace(/^--\n(?:-- .*\n)+--\n/gm, '').replace(/^-- (?:Dumped|Started|Completed).*\n/gm, '');
}

for (const major of majors)
  describe(`entries of scripts of PostgreSQL ${major}`, () => {
    let cluster: Cluster;
    let folder: string;

    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'rp-scripts-'));
      cluster = await startCluster(major);
      await loadSamples(cluster);
      await loadSample(cluster, 'nasty');
    });
    after(async () => {
      await cluster?.stop();
      await rm(folder, { recursive: true, force: true });
    });

    const key = ({ kind, schema, name, owner, section }: Entry): string =>
      [kind, schema, name, owner, section].map((part) => part ?? '-').join('|');
    /** What both tell: not the special entries, not how large objects are grouped. */
    const told = (entries: Entry[]): Entry[] =>
      entries.filter(
        (entry) => listed(entry) && !/^BLOB/.test(entry.kind) && !/LARGE OBJECT/.test(entry.name),
      );

    for (const database of databases)
      it(`${database}: found without pg_dump’s comments as with them`, async () => {
        const [archive, script, stripped] = ['archive', 'script', 'stripped'].map((name) =>
          join(folder, name),
        );
        await dump(cluster, database, archive!, ['-Fc', '-Z0']);
        await dump(cluster, database, script!, ['-Fp', '-c']);
        await writeFile(stripped!, withoutComments(await readFile(script!, 'utf8')));
        const expected = told((await readContents(archive!)).entries);
        const found = told((await readContents(stripped!)).entries);
        const leaves = LEAVES[database] ?? { table: '', parts: [] };
        // Rows that go by way of the root of partitions name the root only.
        const asTold = expected.flatMap((entry) => {
          if (entry.kind !== 'TABLE DATA' || !leaves.parts.includes(entry.name)) return [entry];
          return entry.name === leaves.parts[0] ? [{ ...entry, name: leaves.table }] : [];
        });
        assert.deepEqual(found.map(key).sort(), asTold.map(key).sort());
        // What pg_restore -c runs stands at the script's beginning.
        const drops = new Map(asTold.map((entry) => [key(entry), entry.dropStatement]));
        for (const entry of found)
          if (entry.dropStatement)
            assert.equal(squeeze(entry.dropStatement), squeeze(drops.get(key(entry))!));
        assert.ok(found.filter(({ dropStatement }) => dropStatement).length > 10);
      });

    it('tells what -v adds: dump ids, OIDs, dependencies', async () => {
      const [archive, script, restored] = ['archive', 'script', 'restored'].map((name) => join(folder, name));
      await dump(cluster, 'pagila', archive!, ['-Fc', '-Z0']);
      await dump(cluster, 'pagila', script!, ['-Fp', '-v']);
      await runTool(cluster, major, 'pg_restore', ['-v', '-f', restored!, archive!]);
      const inArchive = new Map((await readContents(archive!)).entries.map((entry) => [entry.id, entry]));
      // Written without an archive, some ids are others, and some dependencies are not told.
      const direct = (await readContents(script!)).entries;
      assert.ok(direct.every(({ dumpId }) => dumpId! > 0) && direct.some(({ oid }) => oid! > 0));
      const { entries } = await readContents(restored!);
      const byId = new Map(entries.map((entry) => [entry.id, entry]));
      const shown = new Set(entries.map(({ dumpId }) => dumpId));
      for (const { dumpId, oid, kind, name, dependencies, accessMethod, tablespace } of entries) {
        const entry = inArchive.get(dumpId!)!;
        assert.deepEqual([kind, name, tablespace], [entry.kind, entry.name, entry.tablespace]);
        if (kind === 'TABLE' || kind === 'MATERIALIZED VIEW')
          assert.equal(accessMethod, entry.accessMethod, name);
        assert.ok(oid === undefined || oid > 0);
        const found = new Set(dependencies.map((id) => byId.get(id)!.dumpId));
        for (const id of entry.dependencies)
          if (shown.has(id)) assert.ok(found.has(id), `${kind} ${name} needs ${id}`);
      }
      assert.ok(entries.some(({ oid }) => oid));
    });

    it('finds no dependency that pg_dump does not know', async () => {
      for (const database of databases) {
        const [archive, script] = ['archive', 'script'].map((name) => join(folder, name));
        await dump(cluster, database, archive!, ['-Fc', '-Z0']);
        await runTool(cluster, major, 'pg_restore', ['-v', '-f', script!, archive!]);
        const real = dependencyGraph((await readContents(archive!)).entries);
        const plain = join(folder, 'plain');
        await writeFile(plain, withoutComments(await readFile(script!, 'utf8')));
        const ids = new Map<string, number>();
        for (const entry of (await readContents(script!)).entries) ids.set(key(entry), entry.dumpId!);
        const { entries } = await readContents(plain);
        const byId = new Map(entries.map((entry) => [entry.id, entry]));
        let derived = 0;
        for (const entry of entries) {
          const id = ids.get(key(entry));
          // pg_dump does not say that a mapping needs its server.
          if (id === undefined || entry.kind === 'USER MAPPING') continue;
          const needs = new Set(real.closure([id]).needs);
          for (const other of entry.dependencies) {
            const known = ids.get(key(byId.get(other)!));
            if (known === undefined) continue;
            assert.ok(needs.has(known), `${key(entry)} needs ${key(byId.get(other)!)}`);
            derived++;
          }
        }
        assert.ok(derived > 20, database);
      }
    });
  });

const squeeze = (text: string): string => text.replace(/\s+/g, ' ').trim();
