import assert from 'node:assert/strict';
import type { RowQuery } from '../../../../src/engine/archive';
import { failure } from '../../../support/connect';
import { all, rowsOf, type Made } from './support';

const END = '\\.\n\n\n';
const data =
  ['Anna\tx', 'anna\tAnn\\tA', '\\N\tä Ä', 'a\\nb\t\\x41nna', 'N\t\\\\N', 'xx\t😀 ß'].join('\n') + `\n${END}`;

async function found(query: RowQuery, made: Made = {}, text: Buffer | string = data): Promise<string[]> {
  const lists: string[][] = [];
  for (const piece of [1 << 20, 3]) {
    const hits = await all(rowsOf(text, { ...made, piece }).search(query));
    lists.push(hits.map(({ row, columns }) => `${row.at}:${columns.join()}`));
  }
  assert.deepEqual(lists[0], lists[1]);
  return lists[0]!;
}

describe('searching rows', () => {
  it('finds texts, with and without regard to case', async () => {
    assert.deepEqual(await found({ text: 'ann' }), ['0:0', '1:0,1', '3:1']);
    assert.deepEqual(await found({ text: 'ann', matchCase: true }), ['1:0']);
    assert.deepEqual(await found({ text: 'Anna', matchCase: true }), ['0:0', '3:1']);
    assert.deepEqual(await found({ text: 'ä' }), ['2:1']);
    assert.deepEqual(await found({ text: 'Ä', matchCase: true }), ['2:1']);
    assert.deepEqual(await found({ text: '😀', matchCase: true }), ['5:1']);
  });

  it('looks at values and not at how they are written', async () => {
    assert.deepEqual(await found({ text: '\t' }), ['1:1']);
    assert.deepEqual(await found({ text: 'a\nb' }), ['3:0']);
    assert.deepEqual(await found({ text: '\\N' }), ['4:1']);
    assert.deepEqual(await found({ text: 'N', matchCase: true }), ['4:0,1']);
    assert.deepEqual(await found({ text: 'x\nN', matchCase: true }), []);
    assert.deepEqual(await found({ text: '', wholeValue: true }), []);
  });

  it('finds whole values, in one column, and patterns', async () => {
    assert.deepEqual(await found({ text: 'anna', wholeValue: true }), ['0:0', '1:0', '3:1']);
    assert.deepEqual(await found({ text: 'anna', wholeValue: true, matchCase: true }), ['1:0']);
    assert.deepEqual(await found({ text: 'ann', column: 1 }), ['1:1', '3:1']);
    assert.deepEqual(await found({ text: 'ann', column: 7 }), []);
    assert.deepEqual(await found({ text: '^a.{3}$', regex: true }), ['0:0', '1:0', '3:1']);
    assert.deepEqual(await found({ text: 'a|x', regex: true, wholeValue: true, matchCase: true }), ['0:1']);
    assert.deepEqual(await found({ text: '\\p{Emoji_Presentation}', regex: true }), ['5:1']);
    assert.deepEqual(await found({ text: '.', regex: true }).then((list) => list.length), 6);
    assert.deepEqual(await found({ text: 'a.b', matchCase: true }), []);
  });

  it('finds the same in every encoding', async () => {
    const latin = Buffer.from('ä\tx\nÄ\ty\n\\.\n', 'latin1');
    assert.deepEqual(await found({ text: 'ä' }, { encoding: 'LATIN1' }, latin), ['0:0', '1:0']);
    assert.deepEqual(await found({ text: 'ä', matchCase: true }, { encoding: 'LATIN1' }, latin), ['0:0']);
    assert.deepEqual(await found({ text: 'ä', matchCase: true }, { encoding: 'WIN1252' }, latin), ['0:0']);
    assert.deepEqual(await found({ text: '\udce4', matchCase: true }, {}, latin), ['0:0']);
    const sjis = Buffer.concat([Buffer.from([0x83, 0x41, 9, 0x41, 10]), Buffer.from('\\.\n')]);
    assert.deepEqual(await found({ text: 'A', matchCase: true }, { encoding: 'SJIS' }, sjis), ['0:1']);
    assert.deepEqual(await found({ text: 'ア' }, { encoding: 'SJIS' }, sjis), ['0:0']);
  });

  it('gives a number of rows, from a row on', async () => {
    const many =
      Array.from({ length: 3000 }, (_, i) => `${i}\t${i % 10 === 3 ? 'Needle' : 'hay'}\n`).join('') + END;
    for (const query of [
      { text: 'needle' },
      { text: 'Needle', matchCase: true },
      { text: 'n.edle', regex: true },
    ]) {
      const rows = rowsOf(many, { piece: 5000 });
      const at = async (from: number, limit: number): Promise<number[]> =>
        (await all(rows.search(query, { from, limit }))).map(({ row }) => row.at);
      assert.deepEqual(await at(0, 3), [3, 13, 23]);
      assert.deepEqual(await at(2500, 2), [2503, 2513]);
      assert.deepEqual(await at(24, 2), [33, 43]);
      assert.equal((await at(0, Infinity)).length, 300);
      assert.deepEqual(await at(2994, 5), []);
    }
  });

  it('finds what lies far inside of very long values', async () => {
    const long = `${'x'.repeat(6_000_000)}Needle\\n${'y'.repeat(3_000_000)}`;
    const text = `1\t${long}\n2\tno\n3\tneedle\n${END}`;
    for (const query of [
      { text: 'needle' },
      { text: 'dle\ny', matchCase: true },
      { text: 'Needle', matchCase: true },
    ]) {
      const hits = await all(rowsOf(text, { piece: 65_536, limits: { value: 10 } }).search(query));
      assert.deepEqual(hits[0], {
        row: { at: 0, values: ['1', 'xxxxxxxxxx'], cut: { 1: 9_000_007 } },
        columns: [1],
      });
    }
    assert.deepEqual((await all(rowsOf(text, { piece: 65_536 }).search({ text: 'absent' }))).length, 0);
  });

  it('ends a pattern that would never end, and says so', async () => {
    const rows = rowsOf(`1\tx\n2\t${'a'.repeat(40)}!\n${END}`);
    const error = await failure(all(rows.search({ text: '^(a+)+$', regex: true })));
    assert.equal(error.code, 'rows.slowPattern');
    assert.match(error.what, /row 2/);
  });

  it('refuses what is no pattern', async () => {
    assert.equal(
      (await failure(all(rowsOf(data).search({ text: '(', regex: true })))).code,
      'rows.badPattern',
    );
    assert.deepEqual(await found({ text: '\\-|x$', regex: true }), ['0:1', '5:0']);
  });

  it('can be cancelled', async () => {
    const abort = new AbortController();
    const many = 'a\tb\n'.repeat(10_000) + END;
    await assert.rejects(async () => {
      const hits = rowsOf(many, { piece: 1000 }).search({ text: 'a' }, { signal: abort.signal });
      for await (const { row } of hits) if (row.at === 5) abort.abort();
    }, /abort|Cancel/i);
  });
});
