import assert from 'node:assert/strict';
import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { countRows, readContents } from '../../../src/engine/archive';
import { ZipContainer } from '../../../src/engine/archive/containers';
import { BufferSource } from '../../../src/engine/archive/io/buffer-source';
import { SpoolBudget } from '../../../src/engine/archive/io/spool';
import { openReader } from '../../../src/engine/archive/open';
import { RestorePointError } from '../../../src/engine/errors';
import { useTempFolder } from '../../support/fixtures';
import { archiveHead, entry, entryAround, int, runBounded, writePieces } from '../../support/hostile';

const MB = 1024 * 1024;

/** Opens with a bound of memory. */
async function read(path: string, memory: number) {
  const { found, reader } = await openReader(path, { memory, disk: 0, value: 1000 }, {});
  await found.close();
  return reader.contents;
}

describe('memory is bounded whatever a dump claims', () => {
  const folder = useTempFolder();
  const file = (name = 'x.dump'): string => join(folder(), name);

  it('hundreds of thousands of entries are refused politely where there is little memory', async () => {
    const count = 250_000;
    await writePieces(
      file(),
      (function* () {
        yield archiveHead(count);
        for (let id = 1; id <= count; id++) yield entry(id, 'TABLE');
      })(),
    );
    const { code, stderr, stdout } = await runBounded(200, ['inspect', file(), '--json']);
    assert.ok(code !== null && code > 0, stderr.slice(0, 500));
    assert.match(stdout + stderr, /more contents than may be kept in memory/);
    assert.match(stdout + stderr, /max-old-space-size/);
  }).timeout(60_000);

  it('a definition too large for the memory costs that entry', async () => {
    const [before, behind] = entryAround(2, 'FUNCTION');
    await writeFile(file(), Buffer.concat([archiveHead(2), entry(1, 'TABLE'), before, int(120 * MB)]));
    await truncate(file(), 121 * MB + behind.length);
    const { code, stdout, peak } = await runBounded(200, ['inspect', file(), '--json']);
    assert.ok(code !== null, 'it ended by itself');
    assert.match(stdout, /125829120 bytes, more than may be kept in memory/);
    assert.match(stdout, /"t1"/);
    assert.ok(peak < 350, `${peak} MB`);
  }).timeout(60_000);

  it('an entry of very many dependencies costs that entry, and little time', async () => {
    const many = Array.from({ length: 800_000 }, (_, i) => i + 1);
    const bytes = Buffer.concat([
      archiveHead(3),
      entry(1, 'TABLE'),
      entry(2, 'VIEW', { dependencies: many }),
      entry(3, 'TABLE'),
    ]);
    await writeFile(file(), bytes);
    const names = async (memory: number): Promise<string[]> =>
      (await read(file(), memory)).entries.map(({ name }) => name);
    assert.deepEqual(await names(256 * MB), ['t1', 't2', 't3']);
    assert.deepEqual(await names(8 * MB), ['t1', 't3']);
    const { faults } = await read(file(), 8 * MB);
    assert.match(faults[0]!.what, /has a part of more than 2097152 bytes/);
  });

  it('entries that repeat a number are not told of without end', async () => {
    await writePieces(
      file(),
      (function* () {
        yield archiveHead(50_000);
        for (let i = 0; i < 50_000; i++) yield entry(7, 'TABLE');
      })(),
    );
    await assert.rejects(read(file(), 8 * MB), (error: unknown) => {
      assert.ok(error instanceof RestorePointError);
      return error.code === 'archive.tooMuch';
    });
  });

  it('a header of long names is damage', async () => {
    const head = archiveHead(0);
    const at = head.indexOf('shop') - 5;
    await writeFile(file(), Buffer.concat([head.subarray(0, at), int(100_000), Buffer.alloc(200_000, 'a')]));
    await assert.rejects(readContents(file()), (error: unknown) => {
      assert.ok(error instanceof RestorePointError);
      return error.code === 'archive.notADump' && /100000/.test(error.why);
    });
  });

  it('a zip file of more members than there is room for is refused', async () => {
    const member = Buffer.alloc(47, 0);
    member.writeUInt32LE(0x02014b50);
    member.writeUInt16LE(1, 28);
    member.write('a', 46);
    const end = Buffer.alloc(22);
    end.writeUInt32LE(0x06054b50);
    end.writeUInt32LE(1000 * member.length, 12);
    const zip = new BufferSource(Buffer.concat([...Array.from({ length: 1000 }, () => member), end]));
    const opened = await ZipContainer.open(zip, new SpoolBudget(0), 200_000);
    assert.equal((await opened.find('a'))?.size, 0);
    await assert.rejects(ZipContainer.open(zip, new SpoolBudget(0), 60_000), /more than 600 members/);
  });

  it('scripts of very many things list as many as there is room for', async () => {
    const statements = Array.from({ length: 40_000 }, (_, i) => `CREATE TABLE a${i} (b int);\n`);
    await writeFile(file('x.sql'), statements.join(''));
    const { entries, faults } = await read(file('x.sql'), 16 * MB);
    assert.ok(entries.length > 5_000 && entries.length < 30_000, String(entries.length));
    assert.match(faults[0]!.what, /the others are not listed/);
    assert.equal((await read(file('x.sql'), 256 * MB)).entries.length, 40_000);
  });

  it('what is wrong with a script is told up to a bound', async () => {
    const block = 'COPY a (b, c) FROM stdin;\n1\n\\.\n';
    await writeFile(file('x.sql.gz'), gzipSync(block.repeat(30_000)));
    const { faults } = await countRows(file('x.sql.gz'));
    assert.ok(faults.length >= 1000 && faults.length <= 10_001, String(faults.length));
  });
});
