import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { deflateRawSync } from 'node:zlib';
import { countRows, identify, readContents } from '../../../src/engine/archive';
import { fixture, useTempFolder } from '../../support/fixtures';
import { zipOf, type Files } from '../../support/packed';

const run = promisify(execFile);

describe('dumps inside of containers', () => {
  const folder = useTempFolder();
  const file = (name: string): string => join(folder(), name);
  const dump = fixture('dumps', 'pg19-gzip.dump');

  /** The same contents and rows as the dump itself has, found at this place. */
  async function holds(path: string, inside: string[]): Promise<void> {
    const identity = await identify(path);
    assert.deepEqual([identity.inside, identity.format], [inside, 'custom'], path);
    const names = async (from: string): Promise<string[]> =>
      (await readContents(from)).entries.map(({ id, kind, name }) => `${id} ${kind} ${name}`);
    assert.deepEqual(await names(path), await names(dump));
    const [found, expected] = [await countRows(path), await countRows(dump)];
    assert.deepEqual(found.faults, []);
    assert.deepEqual(found.tables, expected.tables);
  }

  for (const deflated of [false, true])
    it(`a zip file with sizes and positions in 64 bits, ${deflated ? 'deflated' : 'stored'}`, async () => {
      const files: Files = new Map([
        ['notes.txt', Buffer.from('mine')],
        ['shop.dump', await readFile(dump)],
      ]);
      const { bytes } = zipOf(files, deflated, { zip64: true });
      await writeFile(file('64.zip'), bytes);
      await holds(file('64.zip'), ['shop.dump']);
      // A position that no file reaches is damage, not a crash.
      bytes.writeBigUInt64LE(2n ** 63n, bytes.length - 22 - 20 - 8);
      await writeFile(file('64.zip'), bytes);
      assert.match((await identify(file('64.zip'))).reason ?? '', /list of contents/);
    });

  it('tar files with long names, as pax and as GNU write them', async () => {
    const name = `${'länger-als-hundert-zeichen-'.repeat(8)}.dump`;
    const inner = join('ein-ordner', name);
    await mkdir(file('ein-ordner'));
    await cp(dump, file(inner));
    for (const format of ['pax', 'gnu']) {
      const options = ['-c', `--format=${format}`, '-f', file(`${format}.tar`), '-C', folder()];
      // Times of less than a second, and a comment for the whole file: further pax headers to pass over.
      const further = format === 'pax' ? ['--pax-option=globexthdr.name=g,comment=ours', '--xattrs'] : [];
      await run('tar', [...options, ...further, inner], { env: { ...process.env, LC_ALL: 'C.UTF-8' } });
      await holds(file(`${format}.tar`), [inner]);
    }
  });

  it('members of a zip file that lie over each other are each what they are, and cost no more', async () => {
    // Thousands of members with one content: unpacked one after the other they would take days.
    const body = deflateRawSync(Buffer.alloc(64 * 1024 * 1024));
    const head = Buffer.alloc(31);
    head.writeUInt32LE(0x04034b50);
    head.writeUInt16LE(8, 8);
    head.writeUInt32LE(body.length, 18);
    head.writeUInt16LE(1, 26);
    head.write('a', 30);
    const records = Array.from({ length: 20_000 }, (_, i) => {
      const name = Buffer.from(`${i}.dump`);
      const record = Buffer.alloc(46);
      record.writeUInt32LE(0x02014b50);
      record.writeUInt16LE(8, 10);
      record.writeUInt32LE(body.length, 20);
      record.writeUInt32LE(64 * 1024 * 1024, 24);
      record.writeUInt16LE(name.length, 28);
      return Buffer.concat([record, name]);
    });
    const central = Buffer.concat(records);
    const end = Buffer.alloc(22);
    end.writeUInt32LE(0x06054b50);
    end.writeUInt32LE(central.length, 12);
    end.writeUInt32LE(head.length + body.length, 16);
    await writeFile(file('bomb.zip'), Buffer.concat([head, body, central, end]));
    const { kind, reason } = await identify(file('bomb.zip'));
    assert.equal(kind, 'unknown');
    assert.match(reason ?? '', /without a PostgreSQL dump/);
  });

  it('a zip file whose members overlap the dump still gives the dump', async () => {
    const whole = await readFile(dump);
    const { bytes } = zipOf(new Map([['shop.dump', whole]]), false);
    const end = bytes.length - 22;
    const from = bytes.readUInt32LE(end + 16);
    // A second record that begins where the first one's content does, and claims to be a text.
    const second = Buffer.from(bytes.subarray(from, end));
    second.write('info.text', 46, 'latin1');
    const tail = Buffer.from(bytes.subarray(end));
    tail.writeUInt32LE(2 * (end - from), 12);
    await writeFile(file('over.zip'), Buffer.concat([bytes.subarray(0, end), second, tail]));
    const identity = await identify(file('over.zip'));
    // Both are the same dump: which one is meant cannot be told.
    assert.match(identity.reason ?? '', /shop\.dump, info\.text/);
  });
});
