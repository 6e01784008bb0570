import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { readContents } from '../../../src/engine/archive';
import { identified } from '../../../src/engine/archive/restoring';
import { createSampleRoles, loadSample, runTool } from '../../support/databases';
import { dump } from '../../support/dumps';
import { conninfo, startCluster, type Cluster } from '../../support/postgres';

/** What two databases with the same definitions cannot agree on. */
const OTHERWISE = /^(?:ENCODING|STDSTRINGS|SEARCHPATH|DATABASE|DATABASE PROPERTIES|STATISTICS DATA)$/;

const MORE = `
  create table "a b" (c int);
  alter table "a b" add constraint "d e" check (c > 0) not valid;
  create table a (c int);
  alter table a add constraint "b d e" check (c > 0) not valid;
  alter table "a b" add constraint d unique (c);
  alter table a add constraint "b d" unique (c);
  create function f() returns trigger language plpgsql as 'begin return new; end';
  create trigger "b t" before insert on a for each row execute function f();
  create trigger t before insert on "a b" for each row execute function f();
  create operator === (leftarg = int, rightarg = int, function = int4eq);
  create operator === (leftarg = text, rightarg = text, function = texteq);
  create operator family fam using btree;
  create operator family fam using hash;
  create operator class cls for type int using btree family fam as function 1 btint4cmp(int, int);
  create operator class cls for type int using hash family fam as function 1 hashint4(int);
  alter default privileges for role reader grant select on tables to public;
  alter default privileges for role postgres grant select on tables to public;
  create publication "p a";
  create publication p;
  alter publication "p a" add table "a b";
  alter publication p add table a;
`;

describe('identity of entries between dumps', () => {
  let old: Cluster;
  let recent: Cluster;
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rp-identity-'));
    [old, recent] = await Promise.all([startCluster(15), startCluster(18)]);
    await loadSample(old, 'nasty');
    await old.sql(MORE, 'nasty');
    const archive = join(folder, 'first');
    await dump(old, 'nasty', archive, ['-Fc', '-Z0']);
    await createSampleRoles(recent);
    await recent.sql('create database nasty template template0');
    await runTool(recent, 18, 'pg_restore', ['-d', conninfo('nasty'), archive]);
  });
  after(async () => {
    await old?.stop();
    await recent?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('is the same in 15 and 18, in archives and scripts, and no two entries share one', async () => {
    const keys: Record<string, string[]> = {};
    for (const [name, cluster, options] of [
      ['custom 15', old, ['-Fc', '-Z0']],
      ['directory 18', recent, ['-Fd']],
      ['plain 18', recent, ['-Fp']],
      ['plain 15', old, ['-Fp', '-c']],
      ['custom 18', recent, ['-Fc', '-Z0']],
    ] as const) {
      const path = join(folder, name);
      await dump(cluster, 'nasty', path, [...options]);
      const { entries } = await readContents(path);
      const found = identified(entries)
        .filter(({ entry }) => !OTHERWISE.test(entry.kind))
        .map(({ key }) => key)
        .sort();
      assert.deepEqual(
        found.filter((key, i) => key === found[i - 1]),
        [],
        `shared in ${name}`,
      );
      keys[name] = found;
    }
    for (const [name, found] of Object.entries(keys)) assert.deepEqual(found, keys['custom 15'], name);
    assert.ok(keys['custom 15']!.length > 100);
  });
});
