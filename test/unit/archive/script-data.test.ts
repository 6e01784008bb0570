import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findDump } from '../../../src/engine/archive/find';
import { readScript } from '../../../src/engine/archive/formats/plain';
import { defaultLimits } from '../../../src/engine/archive/limits';
import { fixture, useTempFolder } from '../../support/fixtures';

describe('where the rows of a script lie', () => {
  const folder = useTempFolder();

  async function scriptOf(path: string) {
    const found = await findDump(path, defaultLimits, {});
    try {
      return await readScript(found, {});
    } finally {
      await found.close();
    }
  }

  /** For each entry with rows: its name, how they are told, and the bytes of its ranges. */
  async function dataOf(text: string) {
    const path = join(folder(), 'script.sql');
    await writeFile(path, text);
    const { contents, data } = await scriptOf(path);
    const bytes = await readFile(path);
    return contents.entries
      .filter(({ id }) => data.has(id))
      .map(({ id, name, hasData, bytes: size }) => {
        const { kind, statements, rows, ranges } = data.get(id)!;
        const pieces = ranges.map(({ from, to }) => bytes.toString('utf8', from, to));
        assert.ok(hasData);
        assert.ok(size! <= Buffer.byteLength(pieces.join('')));
        return { name, kind, statements, rows, pieces };
      });
  }

  it('is told of COPY blocks, with their end lines', async () => {
    const script = [
      'COPY t (a) FROM stdin;\n1\n2\n\\.\n',
      'COPY "o""ther" FROM stdin;\n\\.\n',
      'COPY t (a) FROM stdin;\nä\n\\.\r\n',
      'COPY t (b) FROM stdin;\n4\n',
    ].join('\n');
    assert.deepEqual(await dataOf(script), [
      { name: 't', kind: 'copy', statements: 2, rows: 3, pieces: ['1\n2\n\\.\n', 'ä\n\\.\r\n'] },
      { name: 'o"ther', kind: 'copy', statements: 1, rows: 0, pieces: ['\\.\n'] },
      { name: 't', kind: 'copy', statements: 1, rows: 1, pieces: ['4\n'] },
    ]);
  });

  it('is told of INSERT statements, those in a row as one range', async () => {
    const script = [
      "INSERT INTO t VALUES (1, ';');\n-- more\nINSERT INTO t VALUES (2, ''), (3, '');",
      'UPDATE t SET a = 1;',
      'insert into s.t values (1);',
      'INSERT INTO t SELECT 1;\nINSERT INTO t VALUES (4)',
    ].join('\n');
    assert.deepEqual(await dataOf(script + ';'), [
      {
        ...{ name: 't', kind: 'insert', statements: 4, rows: null },
        pieces: [
          "INSERT INTO t VALUES (1, ';');\n-- more\nINSERT INTO t VALUES (2, ''), (3, '');",
          'INSERT INTO t SELECT 1;\nINSERT INTO t VALUES (4);',
        ],
      },
      { name: 't', kind: 'insert', statements: 1, rows: 1, pieces: ['insert into s.t values (1);'] },
    ]);
  });

  it('takes bounded memory, however scattered the statements are', async () => {
    let script = '';
    for (let i = 0; i < 20_000; i++)
      script +=
        `INSERT INTO a VALUES (${i});\n` + (i % 1000 ? '' : '\n'.repeat(99)) + 'INSERT INTO b VALUES (1);';
    const found = await dataOf(script);
    assert.deepEqual(
      found.map(({ name, statements, rows }) => [name, statements, rows]),
      [
        ['a', 20_000, 20_000],
        ['b', 20_000, 20_000],
      ],
    );
    for (const { name, pieces } of found) {
      assert.ok(pieces.length <= 4096);
      const met = pieces.join('').match(new RegExp(`INSERT INTO ${name} `, 'g'));
      assert.equal(met?.length, 20_000);
    }
  });

  it('is the same as counted for dumps', async () => {
    const { contents, data, counted } = await scriptOf(fixture('samples/pagila.sql'));
    const rows = new Map(counted.tables.map((table) => [`${table.schema}.${table.name}`, table.rows]));
    for (const { id, schema, name, bytes } of contents.entries)
      if (data.has(id)) {
        assert.equal(data.get(id)!.rows, rows.get(`${schema}.${name}`));
        assert.equal(data.get(id)!.bytes, bytes);
      }
    assert.ok(data.size > 20);
  });
});
