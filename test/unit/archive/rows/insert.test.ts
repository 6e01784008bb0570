import assert from 'node:assert/strict';
import { DamageError } from '../../../../src/engine/archive';
import { all, entryOf, rowsOf, values, type Made } from './support';
import type { Row } from '../../../../src/engine/archive';

const table: Made = {
  copy: '',
  definition:
    'CREATE TABLE public.t (\n a integer NOT NULL,\n b text,\n g int GENERATED ALWAYS AS (a) STORED,\n c bool\n);',
};

/** The same data in pieces of every small size: borders may lie anywhere. */
async function read(data: Buffer | string, made: Made = table): Promise<Row[]> {
  const whole = await all(rowsOf(data, { ...made, piece: 1 << 20 }).rows());
  for (const piece of [1, 2, 3, 7, 64])
    assert.deepEqual(await all(rowsOf(data, { ...made, piece }).rows()), whole, `pieces of ${piece}`);
  return whole;
}

const row = (at: number, ...list: (string | null)[]): Row => ({ at, values: list });

describe('rows of INSERT statements', () => {
  it('are read with one and with several rows per statement', async () => {
    assert.deepEqual(
      await read(
        "INSERT INTO public.t VALUES (1, 'x', DEFAULT, true);\nINSERT INTO public.t VALUES (-2, NULL, DEFAULT, false);\n\n\n",
      ),
      [row(0, '1', 'x', 't'), row(1, '-2', null, 'f')],
    );
    assert.deepEqual(
      await read(
        "INSERT INTO public.t OVERRIDING SYSTEM VALUE VALUES\n\t(1, 'a,(b', DEFAULT, true),\n\t(2, 'it''s;', DEFAULT, NULL) ON CONFLICT DO NOTHING;\n\n\n",
      ),
      [row(0, '1', 'a,(b', 't'), row(1, '2', "it's;", null)],
    );
  });

  it('follow the list of columns, and tell DEFAULT from NULL', async () => {
    const rows = await read(
      'INSERT INTO t (c, "a") VALUES (true, 1), (DEFAULT, 2);\nINSERT INTO t DEFAULT VALUES;\n',
    );
    assert.deepEqual(rows, [
      { at: 0, values: ['1', null, 't'], defaults: [1] },
      { at: 1, values: ['2', null, null], defaults: [1, 2] },
      { at: 2, values: [null, null, null], defaults: [0, 1, 2] },
    ]);
  });

  it('know their columns without a definition, from the statement or by number', async () => {
    const named = rowsOf('INSERT INTO t ("Ä b", C) VALUES (1, 2);\n', { copy: '' });
    assert.deepEqual(await values(named), [['1', '2']]);
    assert.deepEqual(
      named.columns().map(({ name }) => name),
      ['Ä b', 'c'],
    );
    const bare = rowsOf('INSERT INTO t VALUES (1, 2);\n', { copy: '' });
    assert.deepEqual(await values(bare), [['1', '2']]);
    assert.deepEqual(
      bare.columns().map(({ name }) => name),
      ['column1', 'column2'],
    );
  });

  it('have every kind of literal', async () => {
    const cases: [string, string | null][] = [
      ["'a\nb\tc'", 'a\nb\tc'],
      ["'\\n'", '\\n'],
      ["E'\\n\\\\\\'\\101\\x41\\u00e4\\U0001F600''\\q'", "\n\\'AAä😀'q"],
      ["E'\\303\\244'", 'ä'],
      ["B'101'", '101'],
      ["X'1f'", '00011111'],
      ["N'n'", 'n'],
      ["U&'\\00e4\\+01F600'", 'ä😀'],
      ["$$a'b$$", "a'b"],
      ['$x$a$$b$x$', 'a$$b'],
      ["'a'\n  'b'", 'ab'],
      ["'2026-01-01'::date", '2026-01-01'],
      ["'x'::character varying(3)", 'x'],
      ["'{1}'::integer[]", '{1}'],
      ['\'x\'::"My.Schema"."t;"', 'x'],
      ["CAST('7' AS integer)", '7'],
      ["DATE '2026-01-01'", '2026-01-01'],
      ["timestamp with time zone '2026-01-01 00:00:00+00'", '2026-01-01 00:00:00+00'],
      ['-1.5e-10', '-1.5e-10'],
      ['+3', '3'],
      ['(-3)', '-3'],
      ['- 3', '-3'],
      ['(-3)::smallint', '-3'],
      ['null', null],
      ['NULL::text', null],
      ['/* , */ 5 -- ), (\n', '/* , */ 5 -- ), ('],
      ['now()', 'now()'],
      ["'a' || 'b'", "'a' || 'b'"],
      ['ARRAY[1, 2]', 'ARRAY[1, 2]'],
      ['f(1, (2))', 'f(1, (2))'],
      ["''", ''],
      ["''''", "'"],
    ];
    for (const [written, value] of cases)
      assert.deepEqual(
        (await read(`INSERT INTO t (a) VALUES (${written}), (9);\n`, { copy: '' })).map((r) => r.values[0]),
        [value, '9'],
        written,
      );
  });

  it('may have backslashes that escape in every string', async () => {
    const strings = entryOf({ kind: 'STDSTRINGS', definition: "SET standard_conforming_strings = 'off';\n" });
    const data = "INSERT INTO t (a) VALUES ('a\\'b\\\\'), ('\\n');\n";
    assert.deepEqual(
      (await read(data, { copy: '', more: [strings] })).map((r) => r.values[0]),
      ["a'b\\", '\n'],
    );
  });

  it('say when they are cut short, after all whole rows', async () => {
    for (const cut of [
      'INSERT INTO t (a) VALUES (1), (2), (3',
      "INSERT INTO t (a) VALUES (1), (2);\nINSERT INTO t (a) VALUES ('x",
      'INSERT INTO t (a) VALUES (1), (2);\nINSERT IN',
    ]) {
      const rows = rowsOf(cut, { copy: '' });
      const got: (string | null)[] = [];
      await assert.rejects(
        async () => {
          for await (const { values: list } of rows.rows()) got.push(list[0]!);
        },
        (error) => error instanceof DamageError && /cut short after 2 rows/.test(error.why),
      );
      assert.deepEqual(got, ['1', '2']);
    }
  });

  it('are paged within statements of many rows', async () => {
    const list = Array.from({ length: 3000 }, (_, i) => `(${i}, '${'y'.repeat(i % 200)}')`);
    const one = `INSERT INTO t (a, b) VALUES\n\t${list.join(',\n\t')};\n`;
    const many = list.map((tuple) => `INSERT INTO t (a, b) VALUES ${tuple};\n`).join('');
    for (const data of [one, many]) {
      const rows = rowsOf(data, { ...table, piece: 10_000 });
      for (const from of [0, 2999, 1500, 3, 2000, 2998, 3000])
        assert.deepEqual(
          (await all(rows.rows({ from, limit: 2 }))).map((r) => [r.at, r.values[0], r.values[1]!.length]),
          [from, from + 1].filter((n) => n < 3000).map((n) => [n, `${n}`, n % 200]),
        );
      assert.deepEqual(rows.known(), { rows: 3000, complete: true, estimate: 3000 });
    }
  });

  it('are read in pieces where they do not fit memory', async () => {
    const text = "ab''cä\\n😀".repeat(500_000);
    const plain = "ab'cä\\n😀".repeat(500_000);
    const escaped = "E'" + "a\\n\\'''\\u00e4\\303\\244😀".repeat(220_000) + "'";
    const value = "a\n''ää😀".repeat(220_000);
    const data = `INSERT INTO t (b, a) VALUES ('', 0), ('${text}', 1), (${escaped}, NULL), ('z', 3) ON CONFLICT DO NOTHING;\n`;
    for (const piece of [300_007]) {
      const rows = rowsOf(data, { ...table, piece, limits: { value: 4 } });
      assert.deepEqual(
        await all(rows.rows()),
        [
          { at: 0, values: ['0', '', null], defaults: [2] },
          { at: 1, values: ['1', plain.slice(0, 4), null], cut: { 1: plain.length } },
          { at: 2, values: [null, value.slice(0, 4), null], cut: { 1: value.length } },
          { at: 3, values: ['3', 'z', null], defaults: [2] },
        ].map((r, i) => (i === 1 || i === 2 ? { ...r, values: r.values.slice(0, 2) } : r)),
      );
      assert.ok((await all((await rows.value(1, 1))!)).join('') === plain);
      assert.ok((await all((await rows.value(2, 1))!)).join('') === value);
      assert.deepEqual(
        (await all(rows.rows({ from: 3 }))).map(({ at }) => at),
        [3],
      );
    }
  });
});
