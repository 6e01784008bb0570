import assert from 'node:assert/strict';
import {
  carryStatements,
  freeName,
  keptName,
  markerComment,
  parseMarker,
  restoringName,
} from '../../../src/engine/points';
import type { DatabaseProperties, Marker, RestorePoint } from '../../../src/engine/points';
import { expired } from '../../../src/engine/restore';

const marker: Marker = {
  version: 1,
  state: 'kept',
  of: 'shop "x"\n',
  reason: 'restore',
  createdAt: '2026-11-27T14:02:05.123Z',
  note: 'two\nlines, and restore-point: {"version":1}',
  git: { branch: 'main', commit: 'c0ffee' },
  comment: 'theirs\nrestore-point: {"version":2}',
  allowConnections: true,
};

describe('restore points: names and markers', () => {
  it('long names fit into 63 bytes and stay different', () => {
    const at = new Date('2026-11-27T14:02:05.123Z');
    assert.equal(restoringName('shop'), 'shop__restoring');
    assert.equal(keptName('shop', 'before', at), 'shop__before_20261127T140205');
    const names = ['é'.repeat(31), `${'é'.repeat(30)}xy`, 'a'.repeat(63)].map((name) =>
      keptName(name, 'point', at),
    );
    assert.equal(new Set(names).size, 3);
    for (const name of names) {
      assert.ok(Buffer.byteLength(name) <= 63, name);
      assert.match(name, /__point_20261127T140205$/);
      assert.ok(!name.includes('\ufffd'));
    }
    assert.equal(freeName('a', new Set(['a', 'a_2'])), 'a_3');
  });

  it('a marker is read back whatever its texts hold, and a comment of others is none', () => {
    const comment = markerComment(marker);
    assert.deepEqual(parseMarker(comment), marker);
    assert.match(comment.split('\n')[0]!, /^Restore point of shop/);
    for (const other of [null, '', 'restore-point: {', 'restore-point: {"version":1}', `${comment}\nmine`])
      assert.equal(parseMarker(other), null);
  });
});

describe('restore points: what is carried', () => {
  const plain: DatabaseProperties = {
    ...{
      owner: 'me',
      connectionLimit: -1,
      allowConnections: true,
      isTemplate: false,
      tablespace: 'pg_default',
    },
    ...{ comment: null, settings: [], privileges: null, labels: [] },
  };

  it('nothing where nothing differs', () => {
    assert.deepEqual(carryStatements('shop', plain, plain), []);
  });

  it('settings as literals, lists name by name, the owner last', () => {
    const wanted: DatabaseProperties = {
      ...plain,
      owner: 'boss',
      connectionLimit: 3,
      settings: [
        { role: null, name: 'search_path', value: '"$user", "Odd ""Name""", public' },
        { role: 'reader', name: 'my.setting', value: "it's" },
        { role: null, name: 'search_path', value: '' },
      ],
      privileges: [{ grantee: null, privilege: 'CONNECT', grantable: false }],
    };
    const statements = carryStatements('shop', wanted, plain);
    assert.ok(
      statements.includes(`ALTER DATABASE "shop" SET "search_path" TO '$user', 'Odd "Name"', 'public'`),
    );
    assert.ok(statements.includes(`ALTER ROLE "reader" IN DATABASE "shop" SET "my"."setting" TO 'it''s'`));
    assert.ok(statements.includes(`ALTER DATABASE "shop" SET "search_path" TO ''`));
    assert.ok(statements.includes('GRANT CONNECT ON DATABASE "shop" TO PUBLIC'));
    assert.equal(statements.at(-1), 'ALTER DATABASE "shop" OWNER TO "boss"');
  });
});

describe('restore points: expiry', () => {
  const now = new Date('2026-11-27T00:00:00Z');
  const point = (of: string, days: number): RestorePoint => ({
    ...{ id: `${of}${days}`, of, kind: 'database', reason: 'manual', bytes: null, note: '', git: null },
    createdAt: new Date(now.getTime() - days * 86_400_000).toISOString(),
  });
  const points = [point('a', 1), point('a', 5), point('b', 40), point('a', 20), point('b', 50)];

  it('by number and by age, of each database for itself, never the newest', () => {
    const ids = (keep: Parameters<typeof expired>[1]): string[] =>
      expired(points, keep, now).map(({ id }) => id);
    assert.deepEqual(ids({ count: 1 }), ['a5', 'a20', 'b50']);
    assert.deepEqual(ids({ days: 14 }), ['a20', 'b50']);
    assert.deepEqual(ids({ count: 2, days: 3 }), ['a5', 'a20', 'b50']);
    assert.deepEqual(ids({}), []);
    assert.deepEqual(ids({ count: 0 }), ['a5', 'a20', 'b50']);
  });
});
