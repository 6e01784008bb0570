import assert from 'node:assert/strict';
import { columnCount } from '../../../src/engine/archive/rows/columns';
import { CopySink } from '../../../src/engine/archive/rows/copy-sink';
import { InsertSink } from '../../../src/engine/archive/rows/insert-sink';
import type { Sink } from '../../../src/engine/archive/rows/sink';

/** Feeds a text in pieces of every small size; all must give the same. */
function faults(make: () => Sink & { rows: number }, text: string): [number, string[]] {
  const results = [1, 2, 3, 5, 1000].map((size): [number, string[]] => {
    const sink = make();
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; at += size) sink.push(bytes.subarray(at, at + size));
    return [sink.rows, sink.end()];
  });
  for (const result of results) assert.deepEqual(result, results[0]);
  return results[0]!;
}

describe('the data of a table in an archive', () => {
  const copy = (text: string, columns: number | null = 2): [number, string[]] =>
    faults(() => new CopySink(columns), text);
  const insert = (text: string): [number, string[]] => faults(() => new InsertSink(), text);

  it('ends with the end line and two empty lines', () => {
    assert.deepEqual(copy('\\.\n\n\n'), [0, []]);
    assert.deepEqual(copy('1\t2\n\\\\.\t\\N\n\\.\n\n\n'), [2, []]);
    for (const cut of ['', '1\t2\n', '1\t', '1\t2\n\\.', '1\t2\n\\\\.\n'])
      assert.match(copy(cut)[1][0]!, /cut short after \d rows/, cut);
    for (const tail of ['1\t2\n\\.\n', '1\t2\n\\.\n\n', '\\.\n\n\n\n', '\\.\n\nx'])
      assert.match(copy(tail)[1][0]!, /do not end as they should/, tail);
  });

  it('has as many columns in each row as the COPY statement', () => {
    assert.deepEqual(copy('1\t2\n1\n1\t2\t3\n\\.\n\n\n'), [
      3,
      ['row 2 has not as many columns as the table'],
    ]);
    assert.deepEqual(copy('\n\n\\.\n\n\n', 0), [2, []]);
    assert.deepEqual(copy('1\n1\t2\n\\.\n\n\n', null), [2, []]);
  });

  it('may be INSERT statements', () => {
    const statements = "INSERT INTO t VALUES (1, 'a;\nb');\nINSERT INTO t VALUES (2, ''), (3, '');\n";
    assert.deepEqual(insert(statements + '\n\n'), [3, []]);
    assert.deepEqual(insert('\n\n'), [0, []]);
    assert.equal(insert(statements)[1].length, 1);
    assert.match(insert(statements.slice(0, -5))[1][0]!, /cut short/);
    assert.match(insert('DROP TABLE t;\n\n\n')[1][0]!, /insert no rows/);
  });

  it('has the columns its COPY statement lists', () => {
    for (const [statement, columns] of [
      ['COPY public.t (a, "b, (c)", "d""e\n") FROM stdin;\n', 3],
      ['COPY "My.Schema"."T FROM stdin;" (a) FROM stdin;\n', 1],
      ['COPY public.nocols  FROM stdin;\n', 0],
      ['COPY t FROM stdin;', null],
      ['COPY t (a, b) WITH OIDS FROM stdin;\n', 3],
      ['COPY t (a) FROM stdin WITH (FORMAT csv);', null],
      ['COPY (SELECT 1) TO stdout;', null],
      ['', null],
    ] as const)
      assert.equal(columnCount(statement), columns, statement);
  });
});
