import assert from 'node:assert/strict';
import { appendFile, cp, mkdir, readdir, readFile, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspectArtifact, listArtifacts, readManifest, verify } from '../../../src/engine/artifacts';
import { draftOf, makeArtifact } from '../../support/artifacts';
import { fixture, useTempFolder } from '../../support/fixtures';

describe('listing artifacts', () => {
  const folder = useTempFolder();
  const path = (...parts: string[]): string => join(folder(), ...parts);
  const listed = async (): Promise<string[]> =>
    (await listArtifacts([folder()])).map((artifact) => artifact.path.slice(folder().length + 1));

  it('adopts dumps of others at any depth and leaves other files alone', async () => {
    await mkdir(path('deep', 'er'), { recursive: true });
    await cp(fixture('dumps/pg19-latin1.dump'), path('deep', 'er', 'backup.txt'));
    await cp(fixture('samples/chinook.sql'), path('chinook'));
    await writeFile(path('notes.sql'), 'Dear Anna,\n');
    await writeFile(path('empty.dump'), '');
    await writeFile(path('cut.dump'), (await readFile(fixture('dumps/pg19-latin1.dump'))).subarray(0, 30));
    const artifacts = await listArtifacts([folder()]);
    const adopted = artifacts.find((artifact) => artifact.path.endsWith('backup.txt'))!;
    assert.equal(adopted.source.database, 'Nasty Db');
    assert.equal(adopted.createdAt, new Date('2026-11-21T01:14:53').toISOString());
    assert.equal(adopted.manifest, null);
    assert.equal(adopted.bytes, 2999);
    assert.deepEqual((await listed()).sort(), ['chinook', 'cut.dump', 'deep/er/backup.txt']);
    const cut = artifacts.find((artifact) => artifact.path.endsWith('cut.dump'))!;
    assert.equal(cut.recognised.kind, 'broken');
  });

  it('takes a directory dump for one artifact', async () => {
    const toc = await readFile(fixture('dumps/pg19-latin1.dump'));
    toc[10] = 3;
    await mkdir(path('shop.dir'));
    await writeFile(path('shop.dir', 'toc.dat'), toc);
    await cp(fixture('samples/chinook.sql'), path('shop.dir', '1.dat'));
    const [artifact, ...others] = await listArtifacts([folder()]);
    assert.deepEqual(others, []);
    assert.equal(artifact!.recognised.format, 'directory');
    assert.equal(artifact!.bytes, toc.length + 417024);
    // The folder itself may be what is looked through.
    assert.equal((await listArtifacts([path('shop.dir')])).length, 1);
  });

  it('shows the newest first, by the manifest where there is one', async () => {
    for (const [name, startedAt] of [
      ['old.dump', '2026-01-01T00:00:00.000Z'],
      ['new.dump', '2026-12-01T00:00:00.000Z'],
    ] as const)
      await makeArtifact(
        draftOf(path(name)),
        { [path(name)]: await readFile(fixture('dumps/pg19-latin1.dump')) },
        { facts: { startedAt } },
      );
    await cp(fixture('samples/chinook.sql'), path('middle.sql'));
    await utimes(path('middle.sql'), 0, new Date('2026-06-01T00:00:00.000Z'));
    assert.deepEqual(await listed(), ['new.dump', 'middle.sql', 'old.dump']);
  });

  it('flags leftovers, follows links once, and bears what is missing', async () => {
    await cp(fixture('samples/chinook.sql'), path('x.sql.partial'));
    await mkdir(path('real'));
    await cp(fixture('samples/chinook.sql'), path('real', 'x.sql'));
    await symlink(folder(), path('real', 'loop'));
    await symlink(path('nowhere'), path('dangling'));
    await symlink(path('real'), path('zz-again'));
    const artifacts = await listArtifacts([folder(), path('missing'), folder()]);
    assert.deepEqual(
      artifacts.map((artifact) => [artifact.path.slice(folder().length + 1), artifact.partial]).sort(),
      [
        ['real/x.sql', false],
        ['x.sql.partial', true],
      ],
    );
  });

  it('looks at a changed file again', async () => {
    await cp(fixture('samples/chinook.sql'), path('x'));
    assert.deepEqual(await listed(), ['x']);
    await writeFile(path('x'), 'Dear Anna,\n');
    assert.deepEqual(await listed(), []);
  });

  it('stops when cancelled', async () => {
    await assert.rejects(listArtifacts([folder()], { signal: AbortSignal.abort() }), {
      name: 'CancelledError',
    });
  });

  it('describes any single path', async () => {
    await writeFile(path('letter'), 'Dear Anna,\n');
    assert.equal((await inspectArtifact(path('letter'))).recognised.kind, 'unknown');
    await assert.rejects(inspectArtifact(path('missing')), { code: 'ENOENT' });
  });
});

describe('verifying artifacts', () => {
  const folder = useTempFolder();
  const path = (...parts: string[]): string => join(folder(), ...parts);
  const make = async (): Promise<void> =>
    void (await makeArtifact(draftOf(path('x.dump')), {
      [path('x.dump')]: await readFile(fixture('dumps/pg19-latin1.dump')),
    }));

  it('records what was found in the manifest', async () => {
    await make();
    const verified = await verify(path('x.dump'), 'contents');
    assert.equal(verified.ok, true);
    assert.equal(verified.rows, 1);
    assert.deepEqual(verified.tables, [{ schema: 'public', name: 'part_a', rows: 1 }]);
    const manifest = (await readManifest(path('x.dump')))!;
    assert.deepEqual(
      manifest.evidence.map(({ level, ok }) => [level, ok]),
      [
        ['checksum', true],
        ['contents', true],
      ],
    );
    await verify(path('x.dump'), 'checksum');
    // The better evidence is shown, until something fails.
    assert.equal((await inspectArtifact(path('x.dump'))).evidence!.level, 'contents');
    await writeFile(path('x.dump'), 'changed');
    const failed = await verify(path('x.dump'), 'checksum');
    assert.equal(failed.ok, false);
    assert.match(failed.faults![0]!.what, /x\.dump: it has 7 bytes instead of 2999/);
    assert.equal((await inspectArtifact(path('x.dump'))).evidence!.ok, false);
  });

  it('notices a changed byte by the checksum', async () => {
    await make();
    const bytes = await readFile(path('x.dump'));
    bytes[bytes.length - 3]! ^= 1;
    await writeFile(path('x.dump'), bytes);
    const { ok, faults } = await verify(path('x.dump'), 'checksum');
    assert.equal(ok, false);
    assert.match(faults![0]!.what, /checksum is not the one/);
  });

  it('decodes dumps of others, which have no checksum to compare', async () => {
    await cp(fixture('samples/chinook.sql'), path('c.sql'));
    const { ok, rows } = await verify(path('c.sql'), 'contents');
    assert.deepEqual([ok, rows], [true, 15607]);
    await assert.rejects(verify(path('c.sql'), 'checksum'), { code: 'artifact.noManifest' });
  });

  it('shows what it found of dumps of others too, until they change, and writes nothing beside them', async () => {
    await cp(fixture('samples/chinook.sql'), path('c.sql'));
    assert.equal((await inspectArtifact(path('c.sql'))).evidence, null);
    await verify(path('c.sql'), 'contents');
    const { evidence } = (await listArtifacts([folder()]))[0]!;
    assert.deepEqual([evidence?.level, evidence?.ok, evidence?.rows], ['contents', true, 15607]);
    assert.deepEqual(await readdir(folder()), ['c.sql']);
    await appendFile(path('c.sql'), '\n');
    assert.equal((await inspectArtifact(path('c.sql'))).evidence, null);
  });
});
