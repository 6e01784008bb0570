import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { countRows, readContents } from '../../../src/engine/archive';
import { fixture } from '../../support/fixtures';
import { listed, listing, listingLine } from '../../support/listing';

const names = [
  'pg15-schema',
  'pg19-gzip',
  'pg19-latin1',
  'pg19-lz4',
  'pg19-redir',
  'pg19-statistics',
  'pg19-zstd',
];

describe('archive fixtures', () => {
  for (const name of names) {
    it(`${name}: the entries pg_restore lists`, async () => {
      const contents = await readContents(fixture(`dumps/${name}.dump`));
      const expected = listing(await readFile(fixture(`dumps/${name}.dump.list`), 'utf8'));
      assert.deepEqual(contents.entries.filter(listed).map(listingLine), expected);
      assert.deepEqual(contents.faults, []);
      assert.equal(contents.format, 'custom');
    });
  }

  it('decodes all data to the end, the same rows in every compression', async () => {
    const counts = [];
    for (const name of ['pg19-gzip', 'pg19-lz4', 'pg19-redir', 'pg19-zstd']) {
      const counted = await countRows(fixture(`dumps/${name}.dump`));
      assert.deepEqual(counted.faults, [], name);
      counts.push(counted);
    }
    for (const counted of counts) assert.deepEqual(counted, counts[0]);
    assert.ok(counts[0]!.tables.length > 20);
  });
});
