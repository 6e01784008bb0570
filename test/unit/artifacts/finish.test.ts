import assert from 'node:assert/strict';
import promises, { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  finishArtifact,
  listArtifacts,
  manifestPath,
  partialPath,
  readManifest,
  writeManifest,
} from '../../../src/engine/artifacts';
import { parseManifest } from '../../../src/engine/artifacts/manifestText';
import { draftOf, finishFacts, makeArtifact, sha256, writePartials } from '../../support/artifacts';
import { fixture, useTempFolder } from '../../support/fixtures';

const globals =
  '--\n-- PostgreSQL database cluster dump\n--\n\n--\n-- PostgreSQL database cluster dump complete\n--\n';

describe('finishing an artifact', () => {
  const folder = useTempFolder();
  const path = (name = 'shop.dump'): string => join(folder(), name);
  const dump = (): Promise<Buffer> => readFile(fixture('dumps/pg19-latin1.dump'));

  it('renames the partial file and writes a manifest that says it all', async () => {
    const content = await dump();
    const manifest = await makeArtifact(draftOf(path()), { [path()]: content }, { verify: 'contents' });
    assert.deepEqual((await readdir(folder())).sort(), ['shop.dump', 'shop.dump.manifest.json']);
    assert.deepEqual(await readManifest(path()), manifest);
    assert.deepEqual(manifest.files, [
      { path: 'shop.dump', bytes: content.length, sha256: sha256(content), holds: 'shop' },
    ]);
    assert.equal(manifest.durationMs, 1235);
    assert.deepEqual(manifest.tables, [{ schema: 'public', name: 'part_a', rows: 1 }]);
    assert.deepEqual(
      manifest.evidence.map(({ level, ok, rows }) => [level, ok, rows]),
      [
        ['checksum', true, undefined],
        ['contents', true, 1],
      ],
    );
    for (const file of [path(), manifestPath(path())]) assert.equal((await stat(file)).mode & 0o777, 0o600);
  });

  it('takes the hash of the runner for what it streamed, and notices when the size is another', async () => {
    const hashes = { [path()]: { sha256: 'a'.repeat(64), bytes: 5 } };
    const manifest = await makeArtifact(draftOf(path()), { [path()]: '12345' }, { facts: { hashes } });
    assert.equal(manifest.files[0]!.sha256, 'a'.repeat(64));
    const other = path('other.dump');
    const wrong = { facts: { hashes: { [other]: { sha256: 'a'.repeat(64), bytes: 6 } } } };
    await assert.rejects(makeArtifact(draftOf(other), { [other]: '12345' }, wrong), {
      code: 'artifact.changed',
    });
    assert.ok(!(await readdir(folder())).includes('other.dump'));
  });

  it('keeps companions beside, hashed and named in the manifest', async () => {
    const companion = path('shop.globals.sql');
    const draft = draftOf(path(), {
      members: [
        { path: path(), holds: 'shop' },
        { path: companion, holds: 'globals' },
      ],
    });
    const manifest = await makeArtifact(draft, { [path()]: await dump(), [companion]: globals });
    assert.deepEqual(
      manifest.files.map((file) => [file.path, file.holds]),
      [
        ['shop.globals.sql', 'globals'],
        ['shop.dump', 'shop'],
      ],
    );
    const listed = await listArtifacts([folder()]);
    assert.deepEqual(
      listed.map((artifact) => artifact.path),
      [path()],
    );
  });

  it('makes the folder of a directory dump or a set appear at once', async () => {
    const set = path('all.set');
    const a = join(set, 'a.dump');
    const members = [
      { path: join(set, 'globals.sql'), holds: 'globals' },
      { path: a, holds: 'a' },
    ];
    const draft = draftOf(set, { method: 'set', format: 'set', members });
    const manifest = await makeArtifact(
      draft,
      { [a]: await dump(), [join(set, 'globals.sql')]: globals },
      { verify: 'contents' },
    );
    assert.deepEqual(
      manifest.files.map((file) => [file.path, file.holds]),
      [
        ['all.set/a.dump', 'a'],
        ['all.set/globals.sql', 'globals'],
      ],
    );
    assert.equal((await stat(set)).mode & 0o777, 0o700);
    assert.deepEqual(
      (await listArtifacts([folder()])).map((artifact) => [artifact.path, artifact.recognised.kind]),
      [[set, 'set']],
    );
  });

  it('never replaces anything and leaves the partial files when it fails', async () => {
    await writeFile(path(), 'older');
    await assert.rejects(makeArtifact(draftOf(path()), { [path()]: 'newer' }), { code: 'artifact.exists' });
    assert.equal(await readFile(path(), 'utf8'), 'older');
    await assert.rejects(finishArtifact(draftOf(path('none.dump')), finishFacts, { verify: 'checksum' }), {
      code: 'artifact.missing',
    });
    const cut = path('cut.dump');
    const half = (await dump()).subarray(0, 2500);
    await assert.rejects(makeArtifact(draftOf(cut), { [cut]: half }, { verify: 'contents' }), {
      code: 'artifact.damaged',
    });
    assert.deepEqual((await readdir(folder())).sort(), [
      'cut.dump.partial',
      'shop.dump',
      'shop.dump.partial',
    ]);
  });

  it('stops when cancelled, before anything has its final name', async () => {
    const draft = draftOf(path());
    await writePartials(draft, { [path()]: await dump() });
    const signal = AbortSignal.abort();
    await assert.rejects(finishArtifact(draft, finishFacts, { verify: 'checksum', signal }), {
      name: 'CancelledError',
    });
    assert.deepEqual(await readdir(folder()), ['shop.dump.partial']);
  });

  it('lists nothing half-made, whichever instant a crash came', async () => {
    const set = path('all.set');
    const a = join(set, 'a.dump');
    const draft = draftOf(set, { method: 'set', format: 'set', members: [{ path: a, holds: 'a' }] });
    // Before the rename: only a leftover.
    await writePartials(draft, { [a]: await dump() });
    let listed = await listArtifacts([folder()]);
    assert.deepEqual(
      listed.map((artifact) => [artifact.path, artifact.partial]),
      [[partialPath(set), true]],
    );
    // Between the rename and the manifest: a temporary manifest is no artifact, the dump is complete.
    await rm(partialPath(set), { recursive: true });
    await mkdir(set);
    await writeFile(a, await dump());
    await writeFile(`${manifestPath(set)}.0123456789ab.tmp`, '{"manifestVersion":');
    listed = await listArtifacts([folder()]);
    assert.deepEqual(
      listed.map((artifact) => [artifact.path, artifact.partial]),
      [[a, false]],
    );
  });
});

describe('a crash while an artifact is finished', () => {
  const folder = useTempFolder();
  const path = (...parts: string[]): string => join(folder(), ...parts);
  const steps = ['open', 'rename', 'chmod'] as const;
  const originals = Object.fromEntries(steps.map((name) => [name, promises[name]]));
  const restore = (): void => void Object.assign(promises, originals);
  afterEach(restore);

  /** Lets `count` calls of the file system through; the next one throws, as do all after it. */
  function crashAfter(count: number): void {
    for (const name of steps)
      (promises as Record<string, unknown>)[name] = (...args: unknown[]) => {
        if (count-- <= 0) throw new Error('crash');
        return (originals[name] as (...args: unknown[]) => unknown)(...args);
      };
  }

  for (const kind of ['a file with a companion', 'a set'])
    it(`leaves nothing half-made that looks whole: ${kind}`, async () => {
      const dump = await readFile(fixture('dumps/pg19-latin1.dump'));
      let crashes = 0;
      for (let calls = 0; ; calls++) {
        const main = path(`${calls}`, kind === 'a set' ? 'x.set' : 'x.dump');
        const first = kind === 'a set' ? join(main, 'a.dump') : main;
        const second = kind === 'a set' ? join(main, 'b.dump') : path(`${calls}`, 'x.other.dump');
        const draft = draftOf(main, {
          ...(kind === 'a set' ? { method: 'set', format: 'set' } : {}),
          members: [{ path: first }, { path: second }],
        });
        await writePartials(draft, { [first]: dump, [second]: dump });
        crashAfter(calls);
        const error = await finishArtifact(draft, finishFacts, { verify: 'checksum' }).catch((e: Error) => e);
        restore();
        const artifacts = (await listArtifacts([path(`${calls}`)])).filter(({ partial }) => !partial);
        for (const artifact of artifacts) {
          const files = artifact.manifest?.files.map((file) => path(`${calls}`, file.path)) ?? [
            artifact.path,
          ];
          for (const file of files) assert.ok((await readFile(file)).equals(dump), `${calls}: ${file}`);
          if (kind === 'a set' && artifact.path === main) assert.equal(files.length, 2);
        }
        // Where there is a manifest, all it names is there: even where it is not listed.
        const manifest = await readManifest(main);
        for (const file of manifest?.files ?? [])
          assert.ok((await readFile(path(`${calls}`, file.path))).equals(dump), `${calls}: ${file.path}`);
        if (!(error instanceof Error)) {
          assert.deepEqual(
            artifacts.map((artifact) => artifact.path),
            [main],
          );
          break;
        }
        assert.equal(error.message, 'crash');
        crashes++;
      }
      assert.ok(crashes > 8, String(crashes));
    });
});

describe('manifests', () => {
  const folder = useTempFolder();

  it('keep what a newer program wrote and fill gaps', async () => {
    const minimal = {
      manifestVersion: 1,
      method: 'dump',
      format: 'custom',
      artifact: 'x.dump',
      source: {},
      files: [],
      later: { kept: true },
    };
    const parsed = parseManifest(JSON.stringify(minimal))!;
    assert.equal(parsed.compression, 'none');
    assert.deepEqual(parsed.tables, []);
    assert.equal(parsed.source.systemIdentifier, null);
    const target = join(folder(), 'x.dump');
    await writeManifest(target, parsed);
    assert.deepEqual(JSON.parse(await readFile(manifestPath(target), 'utf8')).later, { kept: true });
  });

  it('are not believed when they are none or lead out of their folder', () => {
    const good = { manifestVersion: 1, method: 'dump', format: 'custom', artifact: 'x', source: {} };
    const file = { bytes: 1, sha256: 'a'.repeat(64) };
    assert.ok(parseManifest(JSON.stringify({ ...good, files: [{ ...file, path: 'x/y' }] })));
    for (const path of ['../x', '/etc/passwd', 'a/../../b', 'C:\\x', '..\\x', ''])
      assert.equal(parseManifest(JSON.stringify({ ...good, files: [{ ...file, path }] })), null, path);
    for (const text of ['', '{', '[]', 'null', '{"manifestVersion":2}', '{"manifestVersion":1}'])
      assert.equal(parseManifest(text), null, text);
  });

  it('are replaced whole or not at all', async () => {
    const target = join(folder(), 'x.dump');
    const manifest = parseManifest(
      JSON.stringify({
        manifestVersion: 1,
        method: 'dump',
        format: 'custom',
        artifact: 'x',
        source: {},
        files: [],
      }),
    )!;
    await writeManifest(target, manifest);
    await Promise.all(
      Array.from({ length: 20 }, (_, i) => writeManifest(target, { ...manifest, notes: `note ${i}` })),
    );
    assert.match((await readManifest(target))!.notes, /^note \d+$/);
    assert.deepEqual(await readdir(folder()), ['x.dump.manifest.json']);
  });
});
