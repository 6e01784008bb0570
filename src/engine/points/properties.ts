import type { Client } from 'pg';
import { quoteIdent, quoteLiteral } from '../quote';

/** What belongs to a database itself and not to its contents: a clone or a restored dump has none of it. */
export interface DatabaseProperties {
  owner: string;
  /** `pg_database.datconnlimit`; -1 for none. */
  connectionLimit: number;
  allowConnections: boolean;
  isTemplate: boolean;
  tablespace: string;
  comment: string | null;
  /** Of the database, and of a role in it (`role`): `name=value` as `pg_db_role_setting` has them. */
  settings: { role: string | null; name: string; value: string }[];
  /** Null: the default privileges, which is not the same as none. */
  privileges: { grantee: string | null; privilege: string; grantable: boolean }[] | null;
  labels: { provider: string; label: string }[];
}

/**
 * Reads them; null when there is no such database.
 * Source: https://www.postgresql.org/docs/current/catalog-pg-database.html, catalog-pg-db-role-setting.html
 */
export async function databaseProperties(
  client: Client,
  database: string,
): Promise<DatabaseProperties | null> {
  const { rows } = await client.query<{ properties: DatabaseProperties }>(
    `select json_build_object(
        'owner', pg_catalog.pg_get_userbyid(d.datdba),
        'connectionLimit', d.datconnlimit,
        'allowConnections', d.datallowconn,
        'isTemplate', d.datistemplate,
        'tablespace', t.spcname,
        'comment', pg_catalog.shobj_description(d.oid, 'pg_database'),
        'settings', (select coalesce(json_agg(json_build_object(
              'role', case when s.setrole = 0 then null else pg_catalog.pg_get_userbyid(s.setrole) end,
              'name', pg_catalog.split_part(c, '=', 1),
              'value', pg_catalog.substr(c, pg_catalog.strpos(c, '=') + 1)) order by s.setrole, c), '[]')
            from pg_catalog.pg_db_role_setting s, pg_catalog.unnest(s.setconfig) c where s.setdatabase = d.oid),
        'privileges', case when d.datacl is not null then (select coalesce(json_agg(json_build_object(
              'grantee', case when a.grantee = 0 then null else pg_catalog.pg_get_userbyid(a.grantee) end,
              'privilege', a.privilege_type, 'grantable', a.is_grantable) order by a.grantee, a.privilege_type), '[]')
            from pg_catalog.aclexplode(d.datacl) a) end,
        'labels', (select coalesce(json_agg(json_build_object('provider', l.provider, 'label', l.label)), '[]')
            from pg_catalog.pg_shseclabel l
           where l.objoid = d.oid and l.classoid = 'pg_catalog.pg_database'::pg_catalog.regclass)) as properties
       from pg_catalog.pg_database d join pg_catalog.pg_tablespace t on t.oid = d.dattablespace
      where d.datname = $1`,
    [database],
  );
  return rows[0]?.properties ?? null;
}

/**
 * Statements that give a database the properties of another, but for its comment, its tablespace and whether it
 * allows connections. `from` is what it has now: only differences are made, so that nothing asks for a right
 * that is not needed. They can run inside of a transaction.
 */
export function carryStatements(
  database: string,
  wanted: DatabaseProperties,
  from: DatabaseProperties,
): string[] {
  const name = quoteIdent(database);
  return [
    ...settingStatements(name, wanted, from),
    ...privilegeStatements(name, wanted, from),
    ...wanted.labels.map(
      ({ provider, label }) =>
        `SECURITY LABEL FOR ${quoteIdent(provider)} ON DATABASE ${name} IS ${quoteLiteral(label)}`,
    ),
    ...(wanted.connectionLimit === from.connectionLimit
      ? []
      : [`ALTER DATABASE ${name} CONNECTION LIMIT ${wanted.connectionLimit}`]),
    ...(wanted.isTemplate === from.isTemplate
      ? []
      : [`ALTER DATABASE ${name} IS_TEMPLATE ${wanted.isTemplate}`]),
    // Last: who gives a database away may not change it any more.
    ...(wanted.owner === from.owner ? [] : [`ALTER DATABASE ${name} OWNER TO ${quoteIdent(wanted.owner)}`]),
  ];
}

/** Settings that are lists of names, GUC_LIST_QUOTE in the server's guc_tables.c: one literal for each name. */
const lists =
  /^(?:search_path|temp_tablespaces|local_preload_libraries|session_preload_libraries|shared_preload_libraries|unix_socket_directories)$/;

function settingStatements(name: string, wanted: DatabaseProperties, from: DatabaseProperties): string[] {
  const key = (one: DatabaseProperties['settings'][number]): string => JSON.stringify(one);
  const there = new Set(from.settings.map(key));
  return wanted.settings
    .filter((one) => !there.has(key(one)))
    .map(({ role, name: setting, value }) => {
      const whose = role === null ? `DATABASE ${name}` : `ROLE ${quoteIdent(role)} IN DATABASE ${name}`;
      // Names of extensions' settings have a dot: each part is a name.
      const what = setting.split('.').map(quoteIdent).join('.');
      const to = lists.test(setting) ? namesOf(value).map(quoteLiteral).join(', ') : quoteLiteral(value);
      return `ALTER ${whose} SET ${what} TO ${to}`;
    });
}

/** `"$user", public` as names; an empty list is one empty name. */
function namesOf(value: string): string[] {
  const names = [...value.matchAll(/"((?:[^"]|"")*)"|[^,\s]+/g)].map(
    ([plain, quoted]) => quoted?.replaceAll('""', '"') ?? plain,
  );
  return names.length ? names : [''];
}

function privilegeStatements(name: string, wanted: DatabaseProperties, from: DatabaseProperties): string[] {
  const { owner, privileges } = wanted;
  if (JSON.stringify(privileges) === JSON.stringify(from.privileges) && owner === from.owner) return [];
  if (privileges === null) return [];
  const who = (grantee: string | null): string => (grantee === null ? 'PUBLIC' : quoteIdent(grantee));
  const grantees = new Set([
    null,
    owner,
    from.owner,
    ...(from.privileges ?? []).map(({ grantee }) => grantee),
  ]);
  return [
    ...[...grantees].map((grantee) => `REVOKE ALL ON DATABASE ${name} FROM ${who(grantee)}`),
    ...privileges.map(
      ({ grantee, privilege, grantable }) =>
        `GRANT ${privilege} ON DATABASE ${name} TO ${who(grantee)}${grantable ? ' WITH GRANT OPTION' : ''}`,
    ),
  ];
}
