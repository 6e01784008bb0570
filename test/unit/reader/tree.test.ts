import assert from 'node:assert/strict';
import type { Entry } from '../../../src/engine/archive';
import { scriptOf } from '../../../src/extension/reader/worker/files/script';
import { fileTree } from '../../../src/extension/reader/worker/files/tree';

function entry(
  id: number,
  kind: string,
  schema: string | null,
  name: string,
  more: Partial<Entry> = {},
): Entry {
  return {
    id,
    kind,
    schema,
    name,
    owner: 'app',
    section: 'pre-data',
    definition: `CREATE ${kind} ${name};`,
    dropStatement: '',
    copyStatement: '',
    dependencies: [],
    hasData: false,
    bytes: null,
    ...more,
  };
}
const rows = { definition: '', hasData: true };

describe('a dump as files', () => {
  it('puts rows beside the table they are of, namesakes too', () => {
    const tree = fileTree([
      entry(1, 'TABLE', 'public', 'users'),
      entry(2, 'TABLE', 'public', 'Users'),
      entry(3, 'TABLE DATA', 'public', 'Users', rows),
      entry(4, 'TABLE DATA', 'public', 'users', rows),
      entry(5, 'EXTENSION', null, 'hstore'),
    ]);
    assert.deepEqual(tree.list([])?.folders, ['public', '(no schema)']);
    assert.deepEqual(tree.list(['public', 'tables'])?.files, [
      'users.sql',
      'Users~2.sql',
      'Users~2.csv',
      'users.csv',
    ]);
    assert.deepEqual(tree.find(['public', 'tables', 'Users~2.csv']), { what: 'rows', id: 3 });
    assert.equal(tree.pathOf('rows', 4), 'public/tables/users.csv');
    assert.equal(tree.pathOf('definition', 3), undefined);
    assert.equal(tree.find(['public', 'tables']), 'folder');
    assert.equal(tree.find(['public', 'nothing']), undefined);
    assert.equal(tree.list(['public', 'tables', 'users.sql']), undefined);
  });

  it('has the way every path says, whatever the names', () => {
    const names = ['__proto__', 'constructor', 'a/b', '..', 'PUBLIC', 'public', 'x'.repeat(500)];
    const entries = names.map((name, index) => entry(index + 1, 'TABLE', name, name));
    const tree = fileTree(entries);
    for (const { id } of entries) {
      const path = tree.pathOf('definition', id)?.split('/') ?? [];
      assert.equal(path.length, 3);
      assert.deepEqual(tree.find(path), { what: 'definition', id }, path.join('/'));
    }
  });

  it('has the databases of a cluster on top', () => {
    const tree = fileTree([
      entry(1, 'ROLE', null, 'app'),
      entry(2, 'TABLE', 'public', 'orders', { database: 'shop' }),
    ]);
    assert.deepEqual(tree.list([])?.folders, ['(no schema)', 'shop']);
    assert.equal(tree.pathOf('definition', 2), 'shop/public/tables/orders.sql');
  });

  it('heads a definition with what it is, which no name can break out of', () => {
    const text = scriptOf(
      entry(1, 'VIEW', 'public', 'x\n; drop table y; --', { definition: 'CREATE VIEW x;\n\n' }),
    );
    assert.equal(
      text,
      '--\n-- Name: x ; drop table y; --; Type: VIEW; Schema: public; Owner: app\n--\n\nCREATE VIEW x;\n',
    );
  });

  it('shows a role without the hash of its password', () => {
    const definition = "ALTER ROLE app WITH LOGIN PASSWORD 'SCRAM-SHA-256$4096:it''s';";
    assert.match(scriptOf(entry(1, 'ROLE', null, 'app', { definition })), /LOGIN PASSWORD '••••••';/);
  });
});
