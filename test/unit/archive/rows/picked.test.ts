import assert from 'node:assert/strict';
import type { Archive } from '../../../../src/engine/archive';
import { textOfRows } from '../../../../src/extension/reader/worker/textOfRows';
import type { CopiedRows } from '../../../../src/shared/contentsPage';
import { rowsOf, type Made } from './support';

const made: Made = { definition: 'CREATE TABLE public.t (\n    a integer,\n    b text\n);\n' };
const lines = Array.from({ length: 3000 }, (_, at) => `${at}\t${at % 3 ? `b ${at}` : '\\N'}`);
const data = `${lines.join('\n')}\n\\.\n`;

/** What is copied of a table, by the call of a page. */
async function copied(what: Partial<CopiedRows>, content = data): ReturnType<typeof textOfRows> {
  const rows = rowsOf(content, { ...made, piece: 1000 });
  const archive = {
    exportRows: (_id: number, options: Parameters<Archive['exportRows']>[1]) => rows.exportRows(options),
    value: (_id: number, row: number, column: number) => rows.value(row, column),
  } as unknown as Archive;
  return await textOfRows(
    archive,
    { id: 1, rows: { from: 0, count: 1 }, columns: [0, 1], format: 'tsv', headers: false, ...what },
    { signal: new AbortController().signal, onProgress: () => undefined },
  );
}

describe('rows copied (unit)', () => {
  it('a stretch from anywhere', async () => {
    assert.deepEqual(await copied({ rows: { from: 1500, count: 3 } }), {
      text: '1500\t\\N\n1501\tb 1501\n1502\tb 1502',
      rows: 3,
      complete: true,
    });
  });

  it('as cells that a spreadsheet takes: NULL is an empty one, what would end a cell is quoted', async () => {
    const content = '1\t\\N\n2\t\n3\ttwo\\nlines\n4\ta\\tb\n5\t"so"\n6\tsay "so"\n\\.\n';
    const what = { rows: { from: 0, count: 6 }, format: 'cells', headers: true } as const;
    assert.equal(
      (await copied(what, content)).text,
      'a\tb\n1\t\n2\t\n3\t"two\nlines"\n4\t"a\tb"\n5\t"""so"""\n6\tsay "so"',
    );
  });

  it('rows by their numbers, and columns by theirs', async () => {
    const what = { rows: [2, 2000, 2999], columns: [1] };
    assert.equal((await copied(what)).text, 'b 2\nb 2000\nb 2999');
    assert.equal((await copied({ ...what, format: 'csv', headers: true })).text, 'b\nb 2\nb 2000\nb 2999');
    assert.equal(
      (await copied({ ...what, format: 'inserts' })).text,
      `INSERT INTO "public"."t" ("b") VALUES\n\t('b 2'),\n\t('b 2000'),\n\t('b 2999');`,
    );
  });

  it('JSON as a list, and one row as its object', async () => {
    assert.deepEqual(JSON.parse((await copied({ rows: { from: 0, count: 2 }, format: 'json' })).text), [
      { a: 0, b: null },
      { a: 1, b: 'b 1' },
    ]);
    assert.deepEqual(JSON.parse((await copied({ rows: [1], format: 'json' })).text), { a: 1, b: 'b 1' });
  });

  it('one cell as it is, nothing for NULL', async () => {
    const content = 'one\ttwo\\tthree\\nfour\n1\t\\N\n\\.\n';
    const cell = (row: number): Partial<CopiedRows> => ({
      rows: { from: row, count: 1 },
      columns: [1],
      format: 'text',
    });
    assert.equal((await copied(cell(0), content)).text, 'two\tthree\nfour');
    assert.equal((await copied(cell(1), content)).text, '');
  });

  it('to the end when more is asked for than there is, and nothing beyond it', async () => {
    const all = await copied({ rows: { from: 2998, count: Number.MAX_SAFE_INTEGER } });
    assert.deepEqual(all, { text: '2998\tb 2998\n2999\tb 2999', rows: 2, complete: true });
    assert.equal((await copied({ rows: [] })).text, '');
    assert.equal((await copied({ rows: { from: 5000, count: 1 } })).rows, 0);
  });

  it('no more than a clipboard takes, in whole rows, and says so', async () => {
    const wide = Array.from({ length: 40 }, (_, at) => `${at}\t${'x'.repeat(1_000_000)}`);
    const { text, rows, complete } = await copied(
      { rows: { from: 0, count: 40 } },
      `${wide.join('\n')}\n\\.\n`,
    );
    assert.equal(complete, false);
    assert.ok(rows > 0 && rows < 40);
    assert.equal(text.split('\n').length, rows);
    assert.ok(text.length <= 16 * 1024 * 1024);
  });
});
