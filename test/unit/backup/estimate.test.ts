import assert from 'node:assert/strict';
import { estimate, spaceWarning, type Expected } from '../../../src/engine/backup/estimate';
import type { Manifest } from '../../../src/engine/artifacts/types';

const expected: Expected = {
  method: 'dump',
  format: 'custom',
  compression: 'zstd',
  compressionLabel: 'zstd:3',
  database: 'shop',
  relations: [{ schema: 'public', name: 'orders', bytes: 1_000_000_000, rows: 5 }],
  freeBytes: 100_000_000,
};

const past = {
  method: 'dump',
  format: 'custom',
  compression: 'zstd:3',
  source: { database: 'shop' },
  bytes: 80_000_000,
  durationMs: 7400,
  startedAt: '2026-11-20T01:02:03.000Z',
} as Manifest;

describe('the estimate', () => {
  it('goes by the last backup made the same way', () => {
    const { bytes, durationMs, basis } = estimate(expected, [past]);
    assert.deepEqual({ bytes, durationMs }, { bytes: 80_000_000, durationMs: 7400 });
    assert.equal(basis, 'As the backup of 2026-11-20 01:02 went.');
  });

  it('does not go by one made another way', () => {
    for (const other of [
      { format: 'plain' },
      { compression: 'gzip:1' },
      { source: { database: 'x' } },
      { method: 'set' },
    ])
      assert.match(estimate(expected, [{ ...past, ...other } as Manifest]).basis, /no earlier backup/);
  });

  it('warns when the disk may be too small', () => {
    assert.equal(spaceWarning(estimate(expected, []))[0]?.code, 'space.low');
    assert.deepEqual(spaceWarning(estimate(expected, [past])), []);
    assert.deepEqual(spaceWarning({ ...estimate(expected, []), freeBytes: null }), []);
  });
});
