import assert from 'node:assert/strict';
import { DamageError } from '../../../../src/engine/archive';
import { failure } from '../../../support/connect';
import { all, rowsOf, values, type Made } from './support';

const END = '\\.\n\n\n';
const one: Made = { copy: 'COPY public.t (a) FROM stdin;\n' };

/** The same data in pieces of every small size: borders may lie anywhere. */
async function read(data: Buffer | string, made: Made = {}): Promise<(string | null)[][]> {
  const whole = await values(rowsOf(data, { ...made, piece: 1 << 20 }));
  for (const piece of [1, 2, 3, 5, 8])
    assert.deepEqual(await values(rowsOf(data, { ...made, piece })), whole, `pieces of ${piece}`);
  return whole;
}

describe('rows of COPY text', () => {
  it('parts values and rows, and stops at the end line', async () => {
    assert.deepEqual(await read(`1\tx\n2\ty\n${END}3\tz\n`), [
      ['1', 'x'],
      ['2', 'y'],
    ]);
    assert.deepEqual(await read(END), []);
  });

  it('tells NULL from empty, and from the text \\N', async () => {
    assert.deepEqual(await read(`\\N\t\n\\\\N\t\\\\.\n\t\\N\n${END}`), [
      [null, ''],
      ['\\N', '\\.'],
      ['', null],
    ]);
  });

  it('undoes every escape a server writes or takes', async () => {
    const cases: [string, string][] = [
      ['\\b\\f\\n\\r\\t\\v', '\b\f\n\r\t\v'],
      ['\\\\', '\\'],
      ['a\\\\nb', 'a\\nb'],
      ['\\101\\7\\12x', 'A\x07\nx'],
      ['\\x41\\x4g\\xg', 'A\x04gxg'],
      ['\\501', 'A'],
      ['\\q\\:', 'q:'],
      ['a\\\tb', 'a\tb'],
      ['a\\\nb', 'a\nb'],
      ['\x01\x1f\x7f', '\x01\x1f\x7f'],
      ['\\303\\244', 'ä'],
      ['\\xc3\\xA4', 'ä'],
      ['\\ä', 'ä'],
      ['\\\\\t', '\\'],
    ];
    for (const [written, value] of cases)
      assert.deepEqual((await read(`${written}\n${END}`, one))[0]![0], value, JSON.stringify(written));
  });

  it('reads files with CRLF, and keeps a carriage return that was escaped', async () => {
    assert.deepEqual(await read(`1\tx\\r\r\n\\N\t\\N\r\n\\.\r\n`), [
      ['1', 'x\r'],
      [null, null],
    ]);
  });

  it('reads a table without columns as empty lines', async () => {
    assert.deepEqual(await read(`\n\n${END}`, { copy: 'COPY public.t  FROM stdin;\n' }), [[], []]);
    assert.deepEqual(await read(`\n${END}`, one), [['']]);
  });

  it('shows bytes that do not decode, one by one', async () => {
    const data = Buffer.concat([
      Buffer.from([0x61, 0xe4, 0x62, 0xc3, 0xa4, 0xff, 9, 0xe2, 0x82]),
      Buffer.from(`\n${END}`),
    ]);
    assert.deepEqual(await read(data), [['a\udce4bä\udcff', '\udce2\udc82']]);
    assert.deepEqual(await read(data, { encoding: 'SQL_ASCII' }), [['a\udce4bä\udcff', '\udce2\udc82']]);
    assert.deepEqual(await read(data, { encoding: 'LATIN1' }), [['aäbÃ¤ÿ', 'â\x82']]);
  });

  it('does not take the second byte of a character for a backslash', async () => {
    const sjis = Buffer.concat([
      Buffer.from([0x95, 0x5c, 9, 0x5c, 0x5c, 0x6e, 10]), // 表, \n as text
      Buffer.from([0x83, 0x5c, 10]), // ソ at the end of a line, of one value only
      Buffer.from([0xfc, 0x5c, 0x6e, 9, 0x5c, 0x74, 10]), // a character that is none
      Buffer.from(END),
    ]);
    assert.deepEqual(await read(sjis, { encoding: 'SJIS' }), [['表', '\\n'], ['ソ'], ['\udcfc\\n', '\t']]);
    const big5 = Buffer.from([0xa5, 0x5c, 9, 0x5c, 0x4e, 10]);
    assert.deepEqual(await read(Buffer.concat([big5, Buffer.from(END)]), { encoding: 'BIG5' }), [
      ['功', null],
    ]);
  });

  it('does not read rows of other forms as if they were COPY text', async () => {
    const copy = "COPY public.t (a, b) FROM stdin WITH (FORMAT csv, DELIMITER ';');\n";
    assert.equal((await failure(values(rowsOf(`1;"x"\n${END}`, { copy })))).code, 'rows.copyOptions');
  });

  it('says that data is cut short, after all whole rows', async () => {
    const rows = rowsOf('1\tx\n2\ty\n3\t');
    const got: unknown[] = [];
    await assert.rejects(
      async () => {
        for await (const row of rows.rows()) got.push(row.at);
      },
      (error) =>
        error instanceof DamageError &&
        /cut short after 2 rows/.test(error.why) &&
        /TABLE DATA public t/.test(error.why),
    );
    assert.deepEqual(got, [0, 1]);
    assert.deepEqual(rows.known(), { rows: 2, complete: false, estimate: 3 });
  });
});

describe('paging', () => {
  const data = Array.from({ length: 5000 }, (_, i) => `${i}\t${'x'.repeat(i % 90)}\n`).join('') + END;

  it('gives any range, forwards and back, and knows how far it read', async () => {
    const rows = rowsOf(data, { piece: 1000 });
    assert.deepEqual(rows.known(), { rows: 0, complete: false, estimate: null });
    for (const [from, limit] of [
      [0, 3],
      [4000, 5],
      [100, 1],
      [4990, 100],
      [5000, 5],
      [9999, 5],
      [0, 0],
    ] as const) {
      const page = await all(rows.rows({ from, limit }));
      const expected = Array.from({ length: Math.max(0, Math.min(limit, 5000 - from)) }, (_, i) => from + i);
      assert.deepEqual(
        page.map((row) => [row.at, Number(row.values[0])]),
        expected.map((n) => [n, n]),
      );
    }
    assert.deepEqual(rows.known(), { rows: 5000, complete: true, estimate: 5000 });
    assert.equal(await rows.count(), 5000);
  });

  it('guesses the number of rows from what was read', async () => {
    const rows = rowsOf(data, { piece: 1000 });
    await all(rows.rows({ limit: 500 }));
    const { rows: met, complete, estimate } = rows.known();
    assert.ok(met >= 500 && !complete);
    assert.ok(estimate! > 3000 && estimate! < 12000, `${estimate}`);
  });

  it('can be cancelled', async () => {
    const abort = new AbortController();
    const rows = rowsOf(data, { piece: 1000 });
    await assert.rejects(async () => {
      for await (const { at } of rows.rows({ signal: abort.signal })) if (at === 100) abort.abort();
    }, /abort|Cancel/i);
  });
});

describe('long values', () => {
  it('are cut in rows and given whole by themselves', async () => {
    const long = 'äö\\\\😀'.repeat(300);
    const plain = 'äö\\😀'.repeat(300);
    const rows = rowsOf(`1\t${long}\n\\N\tx\n${END}`, { limits: { value: 9 }, piece: 100 });
    const [first] = await all(rows.rows());
    assert.deepEqual(first, { at: 0, values: ['1', 'äö\\😀äö\\'], cut: { 1: plain.length } });
    assert.equal((await all((await rows.value(0, 1))!)).join(''), plain);
    assert.equal((await all((await rows.value(1, 1))!)).join(''), 'x');
    assert.equal(await rows.value(1, 0), null);
  });

  it('are read in pieces where a row does not fit memory', async () => {
    const text = 'abc\\\\\\tdäö\\303\\244😀'.repeat(300_000);
    const value = 'abc\\\tdäöä😀'.repeat(300_000);
    const data = `0\t\n1\t${text}\n\\N\t\\N\r\n${text}\t\\N\n5\t6\n${END}`;
    for (const piece of [65_536, 1_000_003]) {
      const rows = rowsOf(data, { piece, limits: { value: 5 } });
      assert.deepEqual(await all(rows.rows()), [
        { at: 0, values: ['0', ''] },
        { at: 1, values: ['1', value.slice(0, 5)], cut: { 1: value.length } },
        { at: 2, values: [null, null] },
        { at: 3, values: [value.slice(0, 5), null], cut: { 0: value.length } },
        { at: 4, values: ['5', '6'] },
      ]);
      const pieces = await all((await rows.value(1, 1))!);
      assert.ok(pieces.length > 1);
      assert.ok(pieces.join('') === value);
      assert.equal(await rows.value(3, 1), null);
      assert.deepEqual(
        (await all(rows.rows({ from: 3, limit: 2 }))).map(({ at }) => at),
        [3, 4],
      );
    }
  });
});

describe('blocks of rows decoded at once', () => {
  const copy = 'COPY public.t (a, b) FROM stdin;\n';
  const lines: [encoding: string, hex: string][] = [
    ['UTF8', '61 09 c3 0a c3 bc 09 e2 82 0a f0 9f 98 80 09 ff 0a'],
    ['UTF8', '61 09 62 0d 0a c3 bc 5c 72 09 5c 4e 0d 0a 09 0a'],
    ['UTF8', '61 09 5c 0a 62 0a 5c 5c 4e 09 5c 78 34 31 0a'],
    ['EUC_JP', 'a4 09 a4 a2 0a a4 0a 8f a2 09 0a 61 09 5c 74 0a'],
    ['WIN1252', '80 09 81 0a ff 09 5c 5c 0a'],
    ['SJIS', '83 5c 09 62 0a 83 0a 5c 09 83 5c 6e 0a'],
  ];
  for (const [encoding, hex] of lines)
    it(`read as each row does alone: ${encoding} ${hex}`, async () => {
      const data = Buffer.concat([Buffer.from(hex.replaceAll(' ', ''), 'hex'), Buffer.from('\\.\n')]);
      const rows = rowsOf(data, { copy, encoding, piece: 1000 });
      const alone: (string | null)[][] = [];
      for (let from = 0; from < (await rows.count()); from++)
        for (const { values } of await all(rows.rows({ from, limit: 1 }))) alone.push(values);
      assert.deepEqual(await values(rows), alone);
      assert.ok(alone.length > 1);
    });
});
