import assert from 'node:assert/strict';
import { FileIndex } from '../../../src/engine/pgdata/fileIndex';
import { readBackupManifest, type ListedFile, type ManifestFacts } from '../../../src/engine/pgdata/manifest';
import { heldBytes } from '../../support/garbage';
import { backupManifest, listedFile, pieces } from './support';

async function read(text: string, size = 64 * 1024): Promise<ManifestFacts & { list: ListedFile[] }> {
  const list: ListedFile[] = [];
  const facts = await readBackupManifest(pieces(text, size), (file) => void list.push(file));
  return { ...facts, list };
}

const good = backupManifest([
  listedFile('backup_label', 'abc'),
  listedFile('base/5/"odd\\name\n', 'x'.repeat(10), 'SHA512'),
  '{ "Encoded-Path": "62c3a4", "Size": 0, "Last-Modified": "", "Checksum-Algorithm": "CRC32C", "Checksum": "00000000" }',
  '{ "Path": "none", "Size": 9007199254740991, "Last-Modified": "" }',
]);

describe('a backup manifest', () => {
  for (const size of [1, 7, 100, 1 << 20])
    it(`is read in pieces of ${size}`, async () => {
      const { list, ...facts } = await read(good, size);
      assert.equal(facts.checksumOk, true);
      assert.equal(facts.systemIdentifier, '18446744073709551615', 'whole, though no number can hold it');
      assert.deepEqual(facts.walRanges, [{ timeline: 1, start: '0/2000028', end: '0/2000100' }]);
      assert.deepEqual(
        list.map(({ path, algorithm, checksum }) => [path, algorithm, checksum.length]),
        [
          ['backup_label', 'SHA256', 32],
          ['base/5/"odd\\name\n', 'SHA512', 64],
          ['bä', 'CRC32C', 4],
          ['none', 'NONE', 0],
        ],
      );
    });

  it('of version 1 has no system identifier', async () => {
    const facts = await read(backupManifest([listedFile('a', '')], { version: 1 }));
    assert.deepEqual([facts.version, facts.systemIdentifier, facts.checksumOk], [1, null, true]);
  });

  it('altered by a byte anywhere is noticed: by its checksum, or because it is none any more', async () => {
    let unread = 0;
    for (let at = 0; at < good.length - 2; at++) {
      const bytes = Buffer.from(good, 'latin1');
      bytes[at]! ^= 1;
      const facts = await read(bytes.toString('latin1')).catch((error: { code?: string }) => {
        assert.equal(error.code, 'pgdata.unreadable', `byte ${at}: ${String(error)}`);
        unread++;
        return null;
      });
      if (facts) assert.equal(facts.checksumOk, false, `byte ${at}`);
    }
    assert.ok(unread > 20);
  });

  it('cut anywhere is refused', async () => {
    for (let end = 0; end < good.length - 2; end += 3)
      await assert.rejects(read(good.slice(0, end)), { code: 'pgdata.unreadable' }, `${end}`);
  });

  const bad: [string, string][] = [
    ['no JSON', 'PGDMP'],
    ['a list', '[]'],
    ['another version', good.replace('Version": 2', 'Version": 3')],
    ['a size that is no number', good.replace('"Size": 3', '"Size": -3')],
    ['a size without end', good.replace('"Size": 3', `"Size": ${'9'.repeat(70_000)}`)],
    ['an unknown checksum', good.replace('SHA256', 'MD5')],
    ['a checksum of another length', good.replace('SHA512', 'SHA256')],
    ['something behind it', `${good}{}`],
    ['a text without end', `{ "${'a'.repeat(200_000)}`],
    ['very deep', '['.repeat(100_000)],
    ['a WAL range that is none', good.replace('0/2000028', 'zero')],
  ];
  for (const [what, text] of bad)
    it(`with ${what} is refused`, async () =>
      await assert.rejects(read(text), { code: 'pgdata.unreadable' }));

  it('of very many files takes memory by their number, not by its length', async () => {
    const index = new FileIndex();
    const many = 200_000;
    async function* text(): AsyncGenerator<Buffer> {
      yield Buffer.from('{ "PostgreSQL-Backup-Manifest-Version": 1,\n"Files": [\n');
      for (let i = 0; i < many; i++) {
        const name = `base/16384/${'long/'.repeat(20)}${i}`;
        yield Buffer.from(
          `${i ? ',\n' : ''}{ "Path": "${name}", "Size": ${i}, "Last-Modified": "", "Checksum-Algorithm": "CRC32C", "Checksum": "00000000" }`,
        );
      }
      yield Buffer.from(`],\n"WAL-Ranges": [],\n"Manifest-Checksum": "${'0'.repeat(64)}"}\n`);
    }
    const before = await heldBytes();
    const facts = await readBackupManifest(text(), (file) => assert.ok(index.add(file)));
    const grown = (await heldBytes()) - before;
    assert.equal(facts.files, many);
    assert.equal(index.find(`base/16384/${'long/'.repeat(20)}777`)?.bytes, 777);
    assert.equal(index.find('base/16384/777'), null);
    assert.ok(grown < 32 * 1024 * 1024, `${grown} bytes`);
  }).timeout(30_000);

  it('that lists a file twice is noticed', () => {
    const index = new FileIndex();
    const file: ListedFile = { path: 'a', bytes: 1, algorithm: 'NONE', checksum: Buffer.alloc(0) };
    assert.deepEqual([index.add(file), index.add(file), index.count], [true, false, 1]);
  });
});
