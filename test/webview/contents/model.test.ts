import assert from 'node:assert/strict';
import { attachments, rowsEntries } from '../../../src/webview/contents/model/attach';
import { fitting, NO_FILTER, occurrences, type Filter } from '../../../src/webview/contents/model/filter';
import { roomOf } from '../../../src/webview/contents/model/room';
import {
  buildTree,
  countTicks,
  entriesOf,
  visibleNodes,
  type Tree,
  type TreeOptions,
} from '../../../src/webview/contents/model/tree';
import { treeAction, TypeAhead } from '../../../src/webview/contents/model/treeKeys';
import { listingOf, piecesOf, shop, type Given } from './dumps';

function treeOf(entries: Given[], options: Partial<TreeOptions> = {}): Tree {
  const listing = listingOf(entries);
  return buildTree(listing, attachments(listing), { flat: false, sort: 'name', shown: null, ...options });
}

/** The whole tree as indented labels. */
function drawn(tree: Tree): string[] {
  return visibleNodes(tree, () => true).map((node) => '  '.repeat(node.level - 1) + node.label);
}

function shownBy(filter: Partial<Filter>, found: number[] | null = null, entries = shop): string[] {
  const listing = listingOf(entries);
  const shown = fitting(listing, { ...NO_FILTER, ...filter }, found && new Set(found), () => false);
  if (!shown) return ['everything'];
  return listing.names.filter((_, entry) => shown[entry] === 1);
}

describe('contents listing (webview)', () => {
  it('joins pieces whose words go on from one to the next', () => {
    const whole = listingOf(shop);
    const pieces = listingOf(shop, 3);
    for (let entry = 0; entry < shop.length; entry++) {
      const given = shop[entry]!;
      for (const listing of [whole, pieces]) {
        assert.equal(listing.kind(entry), given.kind);
        assert.equal(listing.schema(entry), given.schema ?? '');
        assert.equal(listing.owner(entry), given.owner ?? '');
      }
    }
    assert.equal(pieces.length, shop.length);
  });

  it('drops a piece that comes twice, and takes sizes as they become known', () => {
    const listing = listingOf(shop, 5);
    listing.add(piecesOf(shop, 5)[1]!);
    assert.equal(listing.length, shop.length);
    listing.resize([
      { id: 11, bytes: 7, rows: 3 },
      { id: 999, bytes: 1 },
    ]);
    const entry = listing.indexOf(11);
    assert.deepEqual([listing.bytes[entry], listing.rows[entry]], [7, 3]);
    listing.resize([{ id: 11, rows: 4 }]);
    assert.deepEqual([listing.bytes[entry], listing.rows[entry]], [7, 4]);
  });
});

describe('what belongs to what (webview)', () => {
  const ownersOf = (entries: Given[]): (string | null)[] => {
    const listing = listingOf(entries);
    return [...attachments(listing)].map((owner) =>
      owner < 0 ? null : `${listing.kind(owner)} ${listing.names[owner]}`,
    );
  };
  const inPublic = (kind: string, name: string): Given => ({ kind, name, schema: 'public' });

  const cases: [string, Given[], string][] = [
    ['rows', [inPublic('TABLE', 'a b'), inPublic('TABLE DATA', 'a b')], 'TABLE a b'],
    ['the value of a sequence', [inPublic('SEQUENCE', 's'), inPublic('SEQUENCE SET', 's')], 'SEQUENCE s'],
    [
      'a comment on a quoted table',
      [inPublic('TABLE', 'A "q"'), inPublic('COMMENT', 'TABLE "A ""q"""')],
      'TABLE A "q"',
    ],
    ['a comment on a column', [inPublic('VIEW', 'v.w'), inPublic('COMMENT', 'COLUMN "v.w".x')], 'VIEW v.w'],
    ['grants of a view', [inPublic('VIEW', 'v'), inPublic('ACL', 'TABLE v')], 'VIEW v'],
    [
      'grants of a function',
      [inPublic('FUNCTION', 'F(a integer, b text)'), inPublic('ACL', 'FUNCTION "F"(a integer, b text)')],
      'FUNCTION F(a integer, b text)',
    ],
    ['grants named as they were long ago', [inPublic('TABLE', 't'), inPublic('ACL', 't')], 'TABLE t'],
    [
      'a default of a column with blanks',
      [inPublic('TABLE', 'my orders'), inPublic('DEFAULT', 'my orders an id')],
      'TABLE my orders',
    ],
    [
      'a comment on a trigger',
      [inPublic('TRIGGER', 't x'), inPublic('COMMENT', 'TRIGGER x ON t')],
      'TRIGGER t x',
    ],
    [
      'a comment on a foreign key',
      [inPublic('FK CONSTRAINT', 't fk'), inPublic('COMMENT', 'CONSTRAINT fk ON t')],
      'FK CONSTRAINT t fk',
    ],
    ['an index that joins its parent', [inPublic('INDEX', 'i'), inPublic('INDEX ATTACH', 'i')], 'INDEX i'],
    [
      'the index of a key that joins its parent',
      [inPublic('CONSTRAINT', 't t_pkey'), inPublic('INDEX ATTACH', 't_pkey')],
      'CONSTRAINT t t_pkey',
    ],
    [
      'grants of a schema',
      [
        { kind: 'SCHEMA', name: 'audit' },
        { kind: 'ACL', name: 'SCHEMA audit' },
      ],
      'SCHEMA audit',
    ],
    [
      'a language',
      [
        { kind: 'PROCEDURAL LANGUAGE', name: 'plperl' },
        { kind: 'ACL', name: 'LANGUAGE plperl' },
      ],
      'PROCEDURAL LANGUAGE plperl',
    ],
    [
      'content of large objects',
      [
        { kind: 'BLOB METADATA', name: '1..9' },
        { kind: 'BLOBS', name: '1..9' },
      ],
      'BLOB METADATA 1..9',
    ],
  ];
  for (const [what, entries, owner] of cases)
    it(`finds the owner of ${what}`, () => assert.deepEqual(ownersOf(entries), [null, owner]));

  it('leaves alone what belongs to something that is not in the dump, or in another schema or database', () => {
    assert.deepEqual(ownersOf([inPublic('TABLE DATA', 't'), inPublic('COMMENT', 'TABLE t')]), [null, null]);
    assert.deepEqual(ownersOf([inPublic('TABLE', 't'), { ...inPublic('TABLE DATA', 't'), schema: 'x' }]), [
      null,
      null,
    ]);
    const elsewhere = { ...inPublic('TABLE DATA', 't'), database: 'b' };
    assert.deepEqual(ownersOf([{ ...inPublic('TABLE', 't'), database: 'a' }, elsewhere]), [null, null]);
  });

  it('knows where rows are, with a table and without', () => {
    const listing = listingOf([...shop, { kind: 'TABLE DATA', schema: 'x', name: 'alone' }]);
    const holders = rowsEntries(listing, attachments(listing));
    assert.deepEqual([holders[2], holders[9], holders[6], holders[14]], [9, 9, -1, 14]);
  });

  it('takes names without meaning, and ends', () => {
    const tags = ['', ' ', 'TABLE ', 'COLUMN ".', 'CONSTRAINT x ON', '"', 'TABLE "', `${'A '.repeat(5000)}x`];
    const entries = tags.flatMap((name) =>
      ['COMMENT', 'DEFAULT', 'TABLE'].map((kind) => inPublic(kind, name)),
    );
    assert.equal(ownersOf(entries).length, entries.length);
  });
});

describe('contents tree (webview)', () => {
  it('puts tables first, parts below their object, and what lies in no schema last', () => {
    assert.deepEqual(drawn(treeOf(shop)), [
      'audit',
      '  TABLE',
      '    events',
      '      events',
      'public',
      '  TABLE',
      '    customers',
      '      customers',
      '    orders',
      '      COLUMN orders.note',
      '      TABLE orders',
      '      orders id',
      '      orders',
      '  VIEW',
      '    open_orders',
      '  INDEX',
      '    orders_note',
      '  FK CONSTRAINT',
      '    orders orders_customer_fkey',
      '',
      '  DATABASE',
      '    shop',
      '  SETTINGS',
      '    ENCODING',
    ]);
  });

  it('counts things and not their parts, and adds up sizes', () => {
    const tree = treeOf(shop);
    const facts = Object.fromEntries(
      tree.nodes.map((node) => [node.key, [node.count, node.bytes, node.rows]]),
    );
    assert.deepEqual(facts['s:\0public'], [5, 250_000_000, -1]);
    assert.deepEqual(facts['k:\0public\0TABLE'], [2, 250_000_000, -1]);
    assert.deepEqual(facts['e:3'], [1, 210_000_000, 500_000]);
    assert.deepEqual(facts['e:7'], [1, -1, -1]);
    assert.equal(tree.largest, 210_000_000);
  });

  it('says that a size is unknown, and counts what is known of a group', () => {
    const data = (name: string, bytes: number): Given[] => [
      { kind: 'TABLE', schema: 's', name },
      { kind: 'TABLE DATA', schema: 's', name, bytes },
    ];
    const tree = treeOf([...data('a', -2), ...data('b', 5)]);
    assert.equal(tree.nodes.find(({ label, sort }) => label === 'a' && sort === 'entry')!.bytes, -2);
    assert.equal(tree.roots[0]!.bytes, 5);
    assert.equal(treeOf(data('a', -2)).roots[0]!.bytes, -2);
  });

  it('sorts by size, and lists in restore order', () => {
    const bySize = drawn(treeOf(shop, { sort: 'size' }));
    assert.ok(bySize.indexOf('    orders') < bySize.indexOf('    customers'));
    assert.equal(bySize[0], 'public');
    const flat = treeOf(shop, { flat: true });
    assert.deepEqual(
      drawn(flat),
      shop.map(({ name }) => name),
    );
    assert.ok(flat.nodes.every(({ siblings }) => siblings === shop.length));
  });

  it('groups by database first in a cluster script', () => {
    const tree = treeOf([
      { kind: 'ROLE', name: 'app' },
      { kind: 'TABLE', schema: 'public', name: 'a', database: 'one' },
      { kind: 'TABLE', schema: 'public', name: 'b', database: 'two' },
    ]);
    assert.deepEqual(
      drawn(tree).map((label) => label.trim()),
      ['one', 'public', 'TABLE', 'a', 'two', 'public', 'TABLE', 'b', '', 'ROLE', 'app'],
    );
  });

  it('shows a table for the sake of a part that fits, and all parts of a table that fits', () => {
    const only = (...entries: number[]): Uint8Array => {
      const shown = new Uint8Array(shop.length);
      for (const entry of entries) shown[entry] = 1;
      return shown;
    };
    assert.deepEqual(
      drawn(treeOf(shop, { shown: only(4) })).map((label) => label.trim()),
      ['public', 'TABLE', 'orders', 'TABLE orders'],
    );
    assert.equal(entriesOf(treeOf(shop, { shown: only(2) }).roots[0]!).length, 5);
    assert.deepEqual(drawn(treeOf(shop, { shown: only() })), []);
  });

  it('counts ticks upwards', () => {
    const listing = listingOf(shop);
    const tree = treeOf(shop);
    countTicks(tree, listing, new Set([3, 10]));
    const ticks = (key: string): string => {
      const node = tree.nodes.find((one) => one.key === key)!;
      return `${node.ticked} of ${node.entries}`;
    };
    assert.deepEqual(['s:\0public', 'e:3', 'e:10', 'e:6'].map(ticks), [
      '2 of 10',
      '2 of 5',
      '1 of 1',
      '0 of 2',
    ]);
  });

  it('takes 50,000 entries in any order', () => {
    const many = Array.from({ length: 50_000 }, (_, at) => ({
      kind: at % 2 ? 'TABLE' : 'TABLE DATA',
      schema: `s${at % 7}`,
      name: `t${(at * 7919) % 49_999}`,
      bytes: at % 2 ? -1 : at,
    }));
    const tree = treeOf(many);
    assert.equal(
      tree.roots.reduce((sum, root) => sum + root.entries, 0),
      50_000,
    );
    assert.equal(tree.roots.length, 7);
  });
});

describe('keys of the contents tree (webview)', () => {
  const tree = treeOf(shop);
  const open = new Set(['s:\0public', 'k:\0public\0TABLE']);
  const nodes = visibleNodes(tree, (node) => open.has(node.key));
  const at = (key: string): number => nodes.findIndex((node) => node.key === key);
  const press = (key: string, from: number, more = {}) =>
    treeAction({ key, ctrlKey: false, metaKey: false, altKey: false, ...more }, nodes, from, 3, (node) =>
      open.has(node.key),
    );

  it('moves by row, by page and to the ends, and stays within', () => {
    const last = nodes.length - 1;
    const moves: [string, number, number][] = [
      ['ArrowDown', 0, 1],
      ['ArrowDown', last, last],
      ['ArrowUp', 0, 0],
      ['Home', 4, 0],
      ['End', 1, last],
      ['PageDown', 1, 4],
      ['PageUp', 1, 0],
    ];
    for (const [key, from, to] of moves) assert.deepEqual(press(key, from), { do: 'move', to }, key);
  });

  it('opens with the right arrow, then goes in; closes with the left, then goes out', () => {
    const closed = nodes[at('s:\0audit')]!;
    assert.deepEqual(press('ArrowRight', at('s:\0audit')), { do: 'expand', node: closed });
    assert.deepEqual(press('ArrowRight', at('s:\0public')), { do: 'move', to: at('s:\0public') + 1 });
    assert.deepEqual(press('ArrowLeft', at('s:\0public')), { do: 'collapse', node: nodes[at('s:\0public')] });
    assert.deepEqual(press('ArrowLeft', at('e:3')), { do: 'move', to: at('k:\0public\0TABLE') });
    assert.equal(press('ArrowLeft', at('s:\0audit')), null);
    assert.equal(press('ArrowRight', at('k:\0public\0VIEW'))?.do, 'expand');
  });

  it('ticks, opens, expands siblings, filters and leaves; the rest is not its own', () => {
    const node = nodes[2]!;
    assert.deepEqual(press(' ', 2), { do: 'tick', node });
    assert.deepEqual(press('Enter', 2), { do: 'open', node });
    assert.deepEqual(press('*', 2), { do: 'expandSiblings', node });
    assert.deepEqual(press('/', 2), { do: 'filter' });
    assert.deepEqual(press('f', 2, { ctrlKey: true }), { do: 'filter' });
    assert.deepEqual(press('Escape', 2), { do: 'escape' });
    assert.equal(press('ArrowLeft', 2, { altKey: true }), null);
    assert.equal(press('a', 2, { ctrlKey: true }), null);
    assert.equal(press('x', 2), null);
  });

  it('finds rows by their first letters, around the end and from one to the next', () => {
    const ahead = new TypeAhead();
    const find = (char: string, from: number, now: number): string | undefined =>
      nodes[ahead.find(char, nodes, from, ({ label }) => label, now)]?.label;
    assert.equal(find('o', 0, 1000), 'orders');
    assert.equal(find('r', at('e:3'), 1100), 'orders');
    assert.equal(find('c', at('e:3'), 5000), 'customers');
    assert.equal(find('q', 0, 9000), undefined);
  });
});

describe('filter of the contents (webview)', () => {
  it('lets everything through when it is empty', () =>
    assert.deepEqual(shownBy({ text: '  ' }), ['everything']));

  it('wants every word in the name with its schema, in any case', () => {
    assert.deepEqual(shownBy({ text: 'PUBLIC.cust' }), ['customers', 'customers']);
    assert.deepEqual(shownBy({ text: 'orders fkey' }), ['orders orders_customer_fkey']);
    assert.deepEqual(shownBy({ text: '.*' }), []);
  });

  it('joins kinds, schemas and owners', () => {
    assert.deepEqual(shownBy({ kinds: ['TABLE', 'VIEW'], schemas: ['public'] }), [
      'orders',
      'customers',
      'open_orders',
    ]);
    assert.deepEqual(shownBy({ owners: ['report'] }), ['open_orders']);
    assert.deepEqual(shownBy({ schemas: [''] }), ['ENCODING', 'shop']);
    assert.deepEqual(shownBy({ text: 'o', kinds: ['INDEX'] }), ['orders_note']);
  });

  it('adds what was found in definitions, within the other choices', () => {
    assert.deepEqual(shownBy({ text: 'fkey', definitions: true }, [7]), [
      'open_orders',
      'orders orders_customer_fkey',
    ]);
    assert.deepEqual(shownBy({ text: 'fkey', kinds: ['VIEW'] }, [7, 3]), ['open_orders']);
  });

  it('marks words where they occur, overlapping ones once', () => {
    assert.deepEqual(occurrences('Orders of orders', ['orders']), [
      [0, 6],
      [10, 16],
    ]);
    assert.deepEqual(occurrences('abcde', ['bcd', 'abc']), [[0, 4]]);
    assert.deepEqual(occurrences('aaa', ['aa']), [[0, 2]]);
    assert.deepEqual(occurrences('İx', ['x']), []);
  });
});

describe('what takes the room (webview)', () => {
  const room = (entries: Given[], by: 'table' | 'schema') => {
    const listing = listingOf(entries);
    return roomOf(listing, attachments(listing), by);
  };

  it('lists tables by size, with large objects as one', () => {
    const picture = room(
      [
        ...shop,
        { kind: 'BLOB METADATA', name: '1..2' },
        { kind: 'BLOBS', name: '1..2', bytes: 60_000_000 },
        { kind: 'BLOBS', name: '3..4', bytes: 40_000_000 },
      ],
      'table',
    );
    assert.deepEqual(
      picture.bars.map(({ sort, name, bytes }) => [sort, name, bytes]),
      [
        ['table', 'orders', 210_000_000],
        ['largeObjects', '', 100_000_000],
        ['table', 'events', 90_000_000],
        ['table', 'customers', 40_000_000],
      ],
    );
    assert.equal(picture.total, 440_000_000);
    // The bar leads to the table, not to its rows.
    assert.equal(picture.bars[0]!.entry, 2);
  });

  it('sums by schema, where rows are known only when all are', () => {
    const bars = room(shop, 'schema').bars.map(({ schema, bytes, rows }) => [schema, bytes, rows]);
    assert.deepEqual(bars, [
      ['public', 250_000_000, -1],
      ['audit', 90_000_000, 12],
    ]);
  });

  it('counts what is not known instead of drawing it as nothing', () => {
    const picture = room([{ kind: 'TABLE DATA', schema: 's', name: 't', bytes: -2 }], 'table');
    assert.deepEqual([picture.bars.length, picture.unknown, picture.total], [0, 1, 0]);
  });
});
