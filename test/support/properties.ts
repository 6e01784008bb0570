import type { Cluster } from './postgres';

/** Gives a database everything that belongs to a database itself; roles are made. */
export async function adorn(cluster: Cluster, database: string): Promise<void> {
  for (const role of ['boss', 'reader', 'writer'])
    await cluster.sql(
      `do $do$ begin create role ${role}; exception when duplicate_object then null; end $do$`,
    );
  await cluster.sql(`
    alter database ${database} owner to boss;
    alter database ${database} set search_path to "$user", 'Odd "Name"', public;
    alter database ${database} set work_mem = '7MB';
    alter database ${database} set "my.setting" = 'it''s \\ here';
    alter role reader in database ${database} set statement_timeout = '3s';
    alter database ${database} connection limit 17;
    revoke connect on database ${database} from public;
    grant connect on database ${database} to reader;
    grant temporary, create on database ${database} to writer with grant option;
    comment on database ${database} is E'ours\\nrestore-point: not a marker';`);
}

/** What belongs to a database itself, as text: two databases are alike when these are. */
export async function propertiesOf(cluster: Cluster, database: string): Promise<string> {
  return await cluster.sql(`
    select jsonb_pretty(jsonb_build_object(
      'owner', pg_get_userbyid(datdba), 'limit', datconnlimit, 'allow', datallowconn, 'template', datistemplate,
      'tablespace', (select spcname from pg_tablespace t where t.oid = dattablespace),
      'acl', (select jsonb_agg(a.x order by a.x) from (select unnest(datacl)::text as x) a),
      'comment', shobj_description(oid, 'pg_database'),
      'settings', (select jsonb_agg(jsonb_build_array(setrole::regrole::text, c) order by setrole::regrole::text, c)
                     from pg_db_role_setting s, unnest(setconfig) c where setdatabase = d.oid)))
    from pg_database d where datname = '${database}'`);
}
