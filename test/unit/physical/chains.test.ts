import assert from 'node:assert/strict';
import { brokenWithout, chainOf, expiredSets, type BackupSet } from '../../../src/engine/physical';

const set = (name: string, parent: string | null, different: Partial<BackupSet> = {}): BackupSet => ({
  id: `1/1/0/${name}`,
  where: `/b/${name}`,
  keeper: 'files',
  level: parent === null ? 'full' : 'incremental',
  parent: parent === null ? null : `1/1/0/${parent}`,
  systemIdentifier: '1',
  timeline: 1,
  startLsn: `0/${name}`,
  stopLsn: null,
  startedAt: `2026-11-${name.slice(-2).padStart(2, '0')}T00:00:00.000Z`,
  stoppedAt: null,
  serverVersion: '17',
  major: 17,
  label: '',
  bytes: 1,
  evidence: null,
  ...different,
});
const names = (sets: BackupSet[]): string[] => sets.map(({ where }) => where.slice(3));

describe('chains of base backups', () => {
  const sets = [
    set('1', null),
    set('2', '1'),
    set('3', '2'),
    set('4', '1'),
    set('5', null),
    set('6', '5'),
    set('8', '7'),
  ];

  it('lead to the full one', () => {
    assert.deepEqual(names(chainOf(sets[2]!, sets).members), ['1', '2', '3']);
    assert.deepEqual(names(chainOf(sets[4]!, sets).members), ['5']);
  });

  it('say what is missing', () => {
    const broken = chainOf(sets[6]!, sets);
    assert.deepEqual([names(broken.members), broken.missing], [['8'], '1/1/0/7']);
  });

  it('end, though backups that were made to do harm are each other’s parents', () => {
    const circle = [set('1', '2'), set('2', '1')];
    assert.ok(chainOf(circle[0]!, circle).missing);
    const own = [set('1', '1')];
    assert.ok(chainOf(own[0]!, own).missing);
  });

  it('go by a synthetic full backup where there is one', () => {
    const synthetic = set('3', null, { where: '/b/s', level: 'full' });
    const child = set('9', '3');
    const all = [...sets, synthetic, child];
    assert.deepEqual(names(chainOf(child, all).members), ['s', '9']);
    assert.deepEqual(brokenWithout([sets[2]!], all), [], 'the synthetic one stands in');
    assert.deepEqual(names(brokenWithout([synthetic, sets[2]!], all)), ['9']);
  });

  it('are broken without what they need, and what is broken already does not count', () => {
    assert.deepEqual(names(brokenWithout([sets[0]!], sets)), ['2', '3', '4']);
    assert.deepEqual(brokenWithout([sets[2]!], sets), []);
  });
});

describe('expiry of base backups', () => {
  const now = new Date('2026-12-01T00:00:00Z');
  const sets = [
    set('01', null),
    set('02', '01'),
    set('10', null),
    set('25', '10'),
    set('20', null),
    set('21', '20'),
  ];

  it('takes whole chains by number, those that need others first', () => {
    assert.deepEqual(names(expiredSets(sets, { count: 2 }, now)), ['02', '01']);
    assert.deepEqual(names(expiredSets(sets, { count: 1 }, now)), ['25', '10', '02', '01']);
  });

  it('goes by the youngest of a chain', () => {
    assert.deepEqual(names(expiredSets(sets, { days: 7 }, now)), ['02', '01']);
    assert.deepEqual(
      names(expiredSets(sets, { days: 0 }, now)),
      ['25', '10', '02', '01'],
      'the newest chain stays',
    );
  });

  it('keeps each cluster’s newest, and leaves alone what is broken', () => {
    const other = set('03', null, { systemIdentifier: '2', where: '/b/other' });
    const broken = set('04', '99');
    assert.deepEqual(names(expiredSets([...sets, other, broken], { count: 1 }, now)), [
      '25',
      '10',
      '02',
      '01',
    ]);
  });

  it('never breaks a chain, whatever the chains are', () => {
    let seed = 7;
    const random = (below: number): number => (seed = (seed * 1103515245 + 12345) % 2147483648) % below;
    for (let run = 0; run < 300; run++) {
      const all: BackupSet[] = [];
      for (let i = 1; i <= 12; i++) {
        const parent = all.length && random(3) > 0 ? all[random(all.length)]! : null;
        const name = String(i).padStart(2, '0');
        all.push(set(name, parent ? parent.where.slice(3) : null));
        // Some are combined: two of the same place.
        if (parent && random(4) === 0) all.push(set(name, null, { where: `/b/${name}s`, level: 'full' }));
      }
      const going = expiredSets(all, { count: 1 + random(3), days: random(40) }, now);
      assert.deepEqual(names(brokenWithout(going, all)), [], JSON.stringify(all));
      assert.ok(going.length < all.length);
    }
  });
});
