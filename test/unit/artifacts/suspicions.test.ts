import assert from 'node:assert/strict';
import { suspicionsOf, type Made } from '../../../src/engine/artifacts';

const MB = 1024 * 1024;

function made(tables: Record<string, number | null>, more: Partial<Made> = {}): Made {
  return {
    ...{
      bytes: 10 * MB,
      method: 'dump',
      format: 'custom',
      compression: 'zstd:3',
      options: {},
      startedAt: '',
      evidence: [{ level: 'contents' as const, ok: true, at: '' }],
    },
    source: {
      connection: '',
      server: '',
      database: 'shop',
      serverVersion: '',
      systemIdentifier: '1',
      lsn: null,
    },
    tables: Object.entries(tables).map(([name, rows]) => ({ schema: 'app', name, rows })),
    ...more,
  };
}

const onlyChecksum = [{ level: 'checksum' as const, ok: true, at: '' }];

describe('backups that look wrong', () => {
  const usual = made({ orders: 1000, customers: 500 });
  const rules = (now: Made, before: Made[], share?: number): string[] =>
    suspicionsOf(now, before, share === undefined ? {} : { share }).map(({ rule, table = '' }) =>
      `${rule} ${table}`.trim(),
    );

  for (const [name, now, before, expected] of [
    ['a table gone', made({ orders: 1000 }), [usual], ['tableGone app.customers']],
    ['rows fallen', made({ orders: 400, customers: 500 }), [usual], ['rowsFell app.orders']],
    ['all rows gone', made({ orders: 0, customers: 500 }), [usual], ['rowsFell app.orders']],
    [
      'size collapsed',
      made({ orders: 1000, customers: 500 }, { bytes: 4 * MB }),
      [usual, usual, usual],
      ['sizeCollapsed'],
    ],
    ['nothing changed', usual, [usual, usual], ['unchanged']],
  ] as [string, Made, Made[], string[]][])
    it(name, () => assert.deepEqual(rules(now, before), expected));

  for (const [name, now, before] of [
    ['the first backup', usual, []],
    ['growth, and a new table', made({ orders: 5000, customers: 500, more: 1 }, { bytes: 50 * MB }), [usual]],
    ['rows that fell a little', made({ orders: 501, customers: 450 }), [usual]],
    [
      'a small table',
      made({ orders: 1000, customers: 500, few: 1 }),
      [made({ orders: 1000, customers: 500, few: 90 })],
    ],
    ['definitions only after all of it', made({}, { options: { 'schema-only': true }, bytes: MB }), [usual]],
    ['excluded tables', made({ orders: 1000 }, { options: { 'exclude-table': ['app.customers'] } }), [usual]],
    [
      'ticked tables',
      made({ orders: 1000 }, { options: { tables: [{ schema: 'app', name: 'orders' }] } }),
      [usual],
    ],
    ['ticked schemas', made({}, { options: { schemas: ['other'] } }), [usual]],
    ['another database', made({ orders: 1 }), [{ ...usual, source: { ...usual.source, database: 'other' } }]],
    [
      'another server',
      made({ orders: 1 }),
      [{ ...usual, source: { ...usual.source, systemIdentifier: '2' } }],
    ],
    [
      'another compression',
      made({ orders: 1001, customers: 500 }, { bytes: 4 * MB, compression: 'zstd:9' }),
      [usual, usual],
    ],
    ['tables nobody counted', made({ orders: null, customers: null }), [usual]],
    ['rows that were not counted this time', made({}, { evidence: onlyChecksum }), [usual]],
    ['a backup of nearly nothing', made({}, { bytes: 3000 }), [made({}, { bytes: 9000 })]],
    [
      'an option that chooses nothing',
      made({ orders: 999, customers: 500 }, { options: { 'no-owner': true } }),
      [usual],
    ],
  ] as [string, Made, Made[]][])
    it(`not ${name}`, () => assert.deepEqual(rules(now, before), []));

  it('by the share that is asked for', () => {
    assert.deepEqual(rules(made({ orders: 880, customers: 500 }), [usual], 0.1), ['rowsFell app.orders']);
    assert.match(suspicionsOf(made({ orders: 1000 }), [usual])[0]!.text, /app\.customers is gone.*500 rows/);
  });

  it('compares with the last one that was counted', () => {
    const between = made({}, { evidence: onlyChecksum });
    assert.deepEqual(rules(made({ orders: 1000 }), [between, usual]), ['tableGone app.customers']);
    assert.deepEqual(rules(made({}), [between, usual]).sort(), [
      'tableGone app.customers',
      'tableGone app.orders',
    ]);
  });

  it('compares with the last of the same kind', () => {
    const some = made({ orders: 1 }, { options: { table: ['app.orders'] } });
    assert.deepEqual(rules(made({ orders: 1000 }), [some, usual]), ['tableGone app.customers']);
  });
});
