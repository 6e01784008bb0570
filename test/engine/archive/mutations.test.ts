import assert from 'node:assert/strict';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { takeApart } from '../../support/archive-image';
import { DamagedReader } from '../../support/damaged-reader';
import type { Given } from '../../support/damaged-reader-process';
import { loadSample } from '../../support/databases';
import { dump } from '../../support/dumps';
import { useTempFolder } from '../../support/fixtures';
import { mutate } from '../../support/mutations';
import { tarBorders, tarOf, zipOf, type Files, type Packed } from '../../support/packed';
import { startCluster, type Cluster } from '../../support/postgres';

/** Mutated files in all; `RESTORE_POINT_MUTATIONS=20000` for the long mode, with `RESTORE_POINT_SEED` for others. */
const total = Number(process.env.RESTORE_POINT_MUTATIONS ?? 880);
const seed = Number(process.env.RESTORE_POINT_SEED ?? 1);

const archive = (bytes: Buffer): Packed => ({ bytes, borders: takeApart(bytes).borders });
const anywhere = (bytes: Buffer): Packed => ({ bytes, borders: [] });
const single = (bytes: Buffer): Files => new Map([['notes.txt', Buffer.from('mine')], ['shop.dump', bytes]]); // prettier-ignore

/** Rows as CSV among those of a script, as a person may have added them. */
function withCsv(bytes: Buffer): Packed {
  const end = bytes.indexOf('--\n-- PostgreSQL database dump complete');
  const rows = Array.from({ length: 60 }, (_, n) => `${n};"a ""${n}""\nb";${n % 3 ? 'x' : ''}\n`).join('');
  const copy = `COPY by_hand (id, t, u) FROM stdin WITH (FORMAT csv, DELIMITER ';', HEADER);\nid;t;u\n${rows}\\.\n\n`;
  return anywhere(Buffer.concat([bytes.subarray(0, end), Buffer.from(copy), bytes.subarray(end)]));
}

/** Dumps in one file: how they are made, and what becomes of the file. */
const files: [string, string, (bytes: Buffer) => Packed][] = [
  ['-Fc -Z0', '', archive],
  ['-Fc -Zgzip', '', archive],
  ['-Fc -Zlz4', '', archive],
  ['-Fc -Zzstd', '', archive],
  ['-Fc --inserts', '', archive],
  ['-Ft', '', (bytes) => ({ bytes, borders: tarBorders(bytes) })],
  ['-Fp', '', anywhere],
  ['-Fp', 'with CSV in it', withCsv],
  ['-Fp -Zgzip', '', anywhere],
  ['-Fp -Zlz4', '', anywhere],
  ['-Fp -Zzstd', '', anywhere],
  ['-Fc -Z0', 'in gzip', (bytes) => anywhere(gzipSync(bytes))],
  ['-Fc -Z0', 'in zstd', (bytes) => anywhere(zstdCompressSync(bytes))],
  ['-Fc', 'in a zip file', (bytes) => zipOf(single(bytes), false)],
  ['-Fp', 'in a deflated zip file', (bytes) => zipOf(single(bytes), true)],
  ['-Fc', 'in a tar file', (bytes) => tarOf(single(bytes))],
];

/** Directory dumps in one file. */
const folded: [string, string, (files: Files) => Packed][] = [
  ['-Fd -Zgzip', 'in a tar file', tarOf],
  ['-Fd -Z0', 'in a compressed tar file', (files) => anywhere(gzipSync(tarOf(files).bytes))],
  ['-Fd -Zlz4', 'in a zip file', (files) => zipOf(files, false)],
  ['-Fd -Z0', 'in a deflated zip file', (files) => zipOf(files, true)],
];

const folders = ['-Fd -Z0', '-Fd -Zgzip', '-Fd -Zlz4', '-Fd -Zzstd'];

describe('mutated dumps', function () {
  this.timeout(total * 300 + 60_000);
  const folder = useTempFolder();
  const share = Math.ceil(total / (files.length + folded.length + folders.length));
  const seen = { files: 0, faults: 0, cuts: 0, peak: 0, unseen: new Map<string, number>() };
  let cluster: Cluster;
  let reader: DamagedReader;
  let earlier = 0;

  before(async () => {
    cluster = await startCluster(17);
    await loadSample(cluster, 'nasty');
  });
  // A new process each: the engine gives back to the system little of what thousands of files took.
  beforeEach(() => {
    reader = new DamagedReader();
    earlier = seen.files;
  });
  afterEach(async function () {
    await reader.stop();
    if (this.currentTest?.isPassed()) assert.equal(seen.files - earlier, share, 'as many files as asked for');
    seen.peak = Math.max(seen.peak, Math.round(reader.peak));
  });
  after(async () => {
    await cluster?.stop();
    if (total > 5000) console.dir(seen, { maxArrayLength: null, depth: null });
  });

  /** Everything is there at first: what it gives. */
  async function readWhole(path: string): Promise<Given> {
    const { faults, given } = await reader.read({ path }, 'the whole dump');
    assert.deepEqual(faults, []);
    return given!;
  }

  /** Reads a mutated dump in every way; returns whether a fault was found, or nothing is missing. */
  async function survive(path: string, how: string, what: string, whole: Given): Promise<boolean> {
    const target = join(folder(), 'salvaged');
    const as = seen.files % 2 ? 'script' : 'files';
    const job = { path, ...(seen.files % 15 === 0 ? { salvage: { target, as } as const } : {}) };
    const { faults, given } = await reader.read(job, `file ${seen.files} (${how} in ${what})`);
    seen.files++;
    if (how === 'cut') seen.cuts++;
    for (const name of await readdir(folder()))
      if (name.startsWith('salvaged')) await rm(join(folder(), name), { recursive: true });
    if (!given) {
      seen.faults++;
      assert.ok(faults.length > 0);
      return true;
    }
    const changed = (Object.keys(whole) as (keyof Given)[]).filter((part) => whole[part] !== given[part]);
    const key = `${what}, ${how}: ${changed.join(', ') || 'the same is read'}`;
    seen.unseen.set(key, (seen.unseen.get(key) ?? 0) + 1);
    return changed.length === 0;
  }

  /** Mutations of one file that holds a dump. */
  async function mutateFile({ bytes: whole, borders }: Packed, what: string, i: number): Promise<void> {
    const file = join(folder(), 'whole');
    await rm(file, { recursive: true, force: true });
    await writeFile(file, whole);
    const given = await readWhole(file);
    for (const { how, bytes } of mutate(whole, borders, seed * 100 + i, share)) {
      await writeFile(file, bytes);
      const fine = await survive(file, how, what, given);
      if (how === 'cut') assert.ok(fine, `a cut at ${bytes.length} of ${whole.length} went unnoticed`);
    }
  }

  for (const [i, [options, packed, pack]] of files.entries())
    it(`${options} ${packed}`.trimEnd(), async () => {
      const file = join(folder(), 'whole');
      await dump(cluster, 'nasty', file, options.split(' '));
      await mutateFile(pack(await readFile(file)), `${options} ${packed}`.trimEnd(), i);
    });

  for (const [i, [options, packed, pack]] of folded.entries())
    it(`${options} ${packed}`, async () => {
      const path = join(folder(), 'whole');
      await dump(cluster, 'nasty', path, options.split(' '));
      const parts = new Map<string, Buffer>();
      for (const name of await readdir(path)) parts.set(`backup/${name}`, await readFile(join(path, name)));
      await mutateFile(pack(parts), `${options} ${packed}`, files.length + i);
    });

  for (const [i, options] of folders.entries())
    it(`${options}, one file at a time`, async () => {
      const path = join(folder(), 'whole');
      await dump(cluster, 'nasty', path, options.split(' '));
      const given = await readWhole(path);
      const names = (await readdir(path)).sort();
      for (let n = 0; n < share; n++) {
        // Every other time the table of contents or a list of large objects.
        const special = names.filter((name) => name.includes('toc'));
        const from = n % 2 ? special : names;
        const name = from[(n >> 1) % from.length]!;
        const file = join(path, name);
        const whole = await readFile(file);
        const [mutated] = [...mutate(whole, [], seed * 1000 + i * 7 + n, (n % 13) + 1)].slice(-1);
        let { how, bytes } = whole.length === 0 ? { how: 'garbage', bytes: Buffer.from('xyz') } : mutated!;
        if (n % 17 === 0) [how, bytes] = ['missing', whole];
        if (how === 'missing') await rm(file);
        else await writeFile(file, bytes);
        const fine = await survive(path, how, options, given);
        // An uncompressed large object may be of any length.
        const any = how === 'cut' && options === '-Fd -Z0' && name.startsWith('blob_');
        if ((how === 'cut' || how === 'missing') && !any)
          assert.ok(fine, `${name}: ${how} at ${bytes.length} of ${whole.length} went unnoticed`);
        await writeFile(file, whole);
      }
    });
});
