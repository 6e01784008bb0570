import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { scriptText } from '../../../src/engine/compare';
import { Comparer } from '../../support/comparing';
import { runTool } from '../../support/databases';
import { startCluster, type Cluster } from '../../support/postgres';

const old = 'old-0penSesame';
const fresh = 'new-0penSesame';

/** Everything of a database that holds a secret. */
const secretive = (secret: string): string => `
  create extension postgres_fdw; create extension dblink;
  create server remote foreign data wrapper postgres_fdw options (host 'one', dbname 'x');
  create server plain foreign data wrapper dblink_fdw options (host 'one', port '1');
  create user mapping for current_user server remote options (user 'u', password '${secret}');
  create subscription feed connection 'host=nowhere password=${secret} dbname=x' publication p with (connect = false, slot_name = none);
  create table keys (token text);
  create view keyed as select 1 as n from keys where token = '${secret}';
  create view on_top as select n from keyed;
`;

describe('comparing what holds secrets', function () {
  this.timeout(120_000);
  let cluster: Cluster;
  let comparer: Comparer;

  before(async () => {
    cluster = await startCluster(17);
    comparer = await Comparer.open();
    await cluster.sql('create database base');
    await cluster.sql(secretive(old), 'base');
    await cluster.sql('create database empty');
  });
  after(async () => {
    await comparer?.close();
    await cluster?.stop();
  });

  async function dump(database: string, name: string): Promise<string> {
    const path = join(comparer.folder, name);
    await runTool(cluster, 17, 'pg_dump', ['-Fc', '-f', path, database]);
    return path;
  }

  async function keepsNone(): Promise<void> {
    const file = await readFile(comparer.last, 'utf8');
    assert.doesNotMatch(file, /0penSesame/);
    assert.match(file, /••••••/);
  }

  it('says that a secret differs, and neither shows nor keeps it', async () => {
    const before = await dump('base', 'base');
    await cluster.sql('create database changed');
    await cluster.sql(secretive(fresh), 'changed');
    await cluster.sql(`alter server plain options (set host 'two', drop port, add dbname 'y')`, 'changed');
    const { objects, scripts } = await comparer.compare(before, { cluster, database: 'changed' });
    await keepsNone();
    assert.deepEqual(objects.differences.map(({ kind, aspects }) => [kind, ...aspects].join(' ')).sort(), [
      'SERVER definition',
      'SUBSCRIPTION secret',
      'USER MAPPING secret',
      'VIEW secret',
    ]);
    const text = scriptText(scripts.toRight, { title: 'test' });
    assert.match(text, /^-- .*holds a password[^]*^--\s+ALTER USER MAPPING .*SET "password" '••••••'/m);
    assert.doesNotMatch(text, /^(?!--).*(?:••••••|DROP VIEW|SUBSCRIPTION)/m);
    await cluster.sql(text, 'base');
    const again = await comparer.compare(await dump('base', 'after'), { cluster, database: 'changed' });
    assert.deepEqual(again.objects.differences.map(({ kind }) => kind).sort(), [
      'SUBSCRIPTION',
      'USER MAPPING',
      'VIEW',
    ]);
  });

  it('does not drop what it could not make again', async () => {
    const from = await dump('base', 'from');
    await cluster.sql('create database other template base');
    await cluster.sql(
      `create or replace view keyed as select 2 as n from keys where token = '${fresh}'`,
      'other',
    );
    const { scripts } = await comparer.compare(from, { cluster, database: 'other' });
    await keepsNone();
    assert.deepEqual(
      scripts.toRight.statements.filter(({ sql }) => /keyed|on_top/.test(sql)),
      [],
    );
    assert.ok(scripts.toRight.leftOut.some(({ sql }) => /CREATE VIEW .*keyed/.test(sql ?? '')));
  });

  it('leaves out what one side does not have', async () => {
    const from = await dump('base', 'whole');
    const { scripts } = await comparer.compare(from, { cluster, database: 'empty' });
    await keepsNone();
    const text = scriptText(scripts.toLeft, { title: 'test' });
    assert.doesNotMatch(text, /^(?!--).*••••••/m);
    assert.match(text, /CREATE SERVER/);
  });

  it('keeps no passwords of roles', async () => {
    const scripts: string[] = [];
    for (const secret of [old, fresh]) {
      await cluster.sql(`drop role if exists app; create role app login password '${secret}'`);
      const path = join(comparer.folder, `${scripts.length}.sql`);
      await runTool(cluster, 17, 'pg_dumpall', ['--globals-only', '-f', path]);
      scripts.push(path);
    }
    const { objects, scripts: sql } = await comparer.compare(scripts[0]!, scripts[1]!);
    assert.deepEqual(
      objects.differences.map(({ name, aspects }) => [name, ...aspects]),
      [['app', 'secret']],
    );
    await keepsNone();
    assert.doesNotMatch(await readFile(comparer.last, 'utf8'), /SCRAM-SHA-256\$4096/);
    assert.deepEqual(sql.toRight.statements, []);
    assert.match(sql.toRight.leftOut[0]?.sql ?? '', /^ALTER ROLE app WITH .* PASSWORD '••••••';$/);
  });
});
