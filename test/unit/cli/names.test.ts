import assert from 'node:assert/strict';
import { names, tableName, tabOf } from '../../../src/cli/names';
import { words } from '../../../src/cli/builds';
import { UsageError } from '../../../src/cli/args';

describe('names on the command line', () => {
  const cases: [string, { schema: string; name: string }][] = [
    ['orders', { schema: 'public', name: 'orders' }],
    ['Audit.LOG', { schema: 'audit', name: 'log' }],
    ['"Audit"."L.O""G"', { schema: 'Audit', name: 'L.O"G' }],
    ['audit."new\nline"', { schema: 'audit', name: 'new\nline' }],
    ['-x."🐘 "', { schema: '-x', name: '🐘 ' }],
  ];
  for (const [text, table] of cases) it(`reads ${text}`, () => assert.deepEqual(tableName(text), table));

  for (const text of ['', 'a.b.c', '"a', 'a"b', 'a..b', '""'])
    it(`refuses ${text || 'nothing'}`, () => assert.throws(() => tableName(text), UsageError));

  it('reads lists', () => assert.deepEqual(names('A, "B,b",c', ',', 'columns'), ['a', 'B,b', 'c']));
  it('takes \\t for a tab', () => assert.deepEqual(['\\t', ';', '\t'].map(tabOf), ['\t', ';', '\t']));
  it('parts the words of a prefix', () =>
    assert.deepEqual(words(`docker exec -i 'my db'  "a b"c ''`), [
      'docker',
      'exec',
      '-i',
      'my db',
      'a bc',
      '',
    ]));
});
