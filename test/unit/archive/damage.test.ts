import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { countRows, readContents } from '../../../src/engine/archive';
import { assertNoticed, readDamaged } from '../../support/damage';
import { fixture, useTempFolder } from '../../support/fixtures';
import { seededRandom } from '../../support/random';

describe('damaged dumps', () => {
  const folder = useTempFolder();
  const file = (): string => join(folder(), 'x');

  it('notices cuts all over a small archive', async () => {
    const whole = await readFile(fixture('dumps/pg19-latin1.dump'));
    await writeFile(file(), whole);
    assert.deepEqual(await readDamaged(file()), { faults: [], refused: false });
    for (
      let length = 0;
      length < whole.length;
      length += length < 300 || length > whole.length - 300 ? 1 : 11
    )
      await assertNoticed(file(), whole.subarray(0, length), `cut at ${length}`);
  });

  for (const name of ['gzip', 'zstd', 'lz4', 'redir', 'statistics'])
    it(`notices cuts of a ${name} archive`, async () => {
      const whole = await readFile(fixture(`dumps/pg19-${name}.dump`));
      // The second table of contents behind a redirected dump holds nothing that is needed.
      const end = name === 'redir' ? whole.lastIndexOf(Buffer.from('\\.\n\n\n')) : whole.length;
      const random = seededRandom(7);
      for (const back of [1, 2, 3, 4, 5, 6, 10, 100])
        if (name !== 'redir')
          await assertNoticed(file(), whole.subarray(0, end - back), `cut ${back} before the end`);
      const usable = name === 'redir' ? whole.length * 0.9 : whole.length;
      for (let i = 0; i < 40; i++) {
        const length = Math.floor(random() * usable);
        await assertNoticed(file(), whole.subarray(0, length), `cut at ${length}`);
      }
    });

  it('notices cuts of scripts and of compressed ones', async () => {
    const random = seededRandom(8);
    for (const name of ['samples/chinook.sql', 'dumps/pg19-schema.sql', 'dumps/pg19-globals.sql']) {
      const whole = await readFile(fixture(name));
      const packed = gzipSync(whole);
      for (let i = 0; i < 40; i++) {
        const length = Math.floor(random() * (whole.length - 100));
        await assertNoticed(file(), whole.subarray(0, length), `${name} cut at ${length}`);
        const short = Math.floor(random() * packed.length);
        await assertNoticed(file(), packed.subarray(0, short), `gzipped ${name} cut at ${short}`);
      }
    }
  });

  it('does not believe that there are no entries', async () => {
    const whole = await readFile(fixture('dumps/pg19-latin1.dump'));
    await writeFile(file(), whole);
    const { entries } = await readContents(file());
    const count = whole.indexOf(Buffer.from([0, entries.length, 0, 0, 0]), 11 + 7 * 5);
    await writeFile(file(), whole.fill(0, count, count + 5));
    const damaged = await readContents(file());
    assert.deepEqual(damaged.entries, entries);
    assert.match(damaged.faults[0]!.what, /claims that it is empty/);
  });

  it('survives changed bytes anywhere', async () => {
    const random = seededRandom(9);
    for (const name of ['pg19-latin1', 'pg15-schema']) {
      const whole = await readFile(fixture(`dumps/${name}.dump`));
      for (let i = 0; i < 250; i++) {
        const bytes = Buffer.from(whole);
        const changes = 1 + Math.floor(random() * 3);
        for (let n = 0; n < changes; n++)
          bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
        await writeFile(file(), bytes);
        await readDamaged(file());
      }
    }
  });

  it('does not believe absurd lengths', async () => {
    const whole = await readFile(fixture('dumps/pg19-latin1.dump'));
    const random = seededRandom(10);
    for (let i = 0; i < 250; i++) {
      const bytes = Buffer.from(whole);
      const at = 11 + Math.floor(random() * (bytes.length - 20));
      bytes.writeUInt32LE([0x7fffffff, 0xffffffff, 0x0fffffff, 0x10000][i % 4]!, at);
      await writeFile(file(), i % 3 === 0 ? gzipSync(bytes) : bytes);
      await readDamaged(file());
    }
  });

  it('names the byte and keeps the entries before it', async () => {
    const whole = await readFile(fixture('dumps/pg19-gzip.dump'));
    const { entries } = await readContents(fixture('dumps/pg19-gzip.dump'));
    const cut = 20_000;
    await writeFile(file(), whole.subarray(0, cut));
    const contents = await readContents(file());
    assert.deepEqual(contents.faults, [
      {
        what: 'the file ends inside the table of contents',
        entry: 'SEQUENCE OWNED BY ser_id_seq',
        offset: cut,
      },
      { what: '95 of its 165 entries cannot be read', entry: null, offset: null },
    ]);
    assert.ok(contents.entries.length > 50);
    assert.deepEqual(contents.entries[10], { ...entries[10], bytes: null });
  });

  it('reads on behind damage of the table of contents, and names the entry', async () => {
    const whole = await readFile(fixture('dumps/pg19-gzip.dump'));
    const { entries } = await readContents(fixture('dumps/pg19-gzip.dump'));
    const counted = await countRows(fixture('dumps/pg19-gzip.dump'));
    const at = whole.indexOf('CREATE TABLE public.big ');
    // A length that is believed nowhere, one that swallows the next fields, and plain garbage.
    for (const [offset, bytes] of [
      [-4, [0xff, 0xff, 0xff, 0x7f]],
      [-4, [0x90, 0x01, 0, 0]],
      [-20, new Array<number>(60).fill(0xee)],
    ] as const) {
      const damaged = Buffer.from(whole);
      damaged.set(bytes, at + offset);
      await writeFile(file(), damaged);
      const contents = await readContents(file());
      assert.equal(contents.entries.length, entries.length - 1);
      assert.deepEqual(
        contents.entries.map(({ id }) => id),
        entries.filter(({ kind, name }) => !(kind === 'TABLE' && name === 'big')).map(({ id }) => id),
      );
      assert.equal(contents.faults.at(-1)!.what, `1 of its ${entries.length} entries cannot be read`);
      assert.ok(Math.abs(contents.faults[0]!.offset! - at) < 500);
      assert.deepEqual((await countRows(file())).tables, counted.tables);
    }
  });

  it('finds the blocks behind a broken structure', async () => {
    for (const name of ['gzip', 'lz4', 'zstd', 'redir']) {
      const path = fixture(`dumps/pg19-${name}.dump`);
      const whole = await readFile(path);
      const { tables } = await countRows(path);
      const { entries } = await readContents(path);
      const big = entries.find((entry) => entry.kind === 'TABLE DATA' && entry.name === 'big')!;
      const head = Buffer.from([1, 0, 0, 0, 0, 0]);
      head.writeUInt32LE(big.id, 2);
      const block = whole.indexOf(head);
      for (const length of [0x7fffffff, whole.length - block - 1000, 17]) {
        const damaged = Buffer.from(whole);
        damaged.writeUInt32LE(length, block + 7);
        await writeFile(file(), damaged);
        const counted = await countRows(file());
        assert.ok(counted.faults.some(({ entry }) => entry === 'TABLE DATA public big'));
        const others = (list: typeof tables): typeof tables => list.filter((table) => table.name !== 'big');
        assert.deepEqual(others(counted.tables), others(tables), `${name} ${length}`);
      }
    }
  });

  it('decodes the tables behind a damaged block and names the damaged one', async () => {
    const whole = await readFile(fixture('dumps/pg19-gzip.dump'));
    const { tables, largeObjects } = await countRows(fixture('dumps/pg19-gzip.dump'));
    const big = await blockOf('big');
    // In the middle of its compressed data, past a chunk's length.
    whole.fill(0x55, big + 2000, big + 2100);
    await writeFile(file(), whole);
    const counted = await countRows(file());
    assert.equal(counted.faults.length, 1);
    assert.equal(counted.faults[0]!.entry, 'TABLE DATA public big');
    assert.equal(counted.faults[0]!.offset, big);
    const others = (list: typeof tables): typeof tables => list.filter(({ name }) => name !== 'big');
    assert.deepEqual(others(counted.tables), others(tables));
    assert.equal(counted.largeObjects, largeObjects);

    async function blockOf(table: string): Promise<number> {
      const contents = await readContents(fixture('dumps/pg19-gzip.dump'));
      const entry = contents.entries.find(({ kind, name }) => kind === 'TABLE DATA' && name === table)!;
      assert.ok(entry.bytes! > 5000);
      const head = Buffer.from([1, 0, 0, 0, 0, 0]);
      head.writeUInt32LE(entry.id, 2);
      return whole.indexOf(head);
    }
  });
});
