/**
 * The main job through the command line: back up, inspect, verify, restore, compare. Prints what came of
 * each; exit code 0 when the restored database equals the first one, row for row.
 */
export async function runHeadless(stage) {
  const { server, database, uri, cli } = stage;
  const copy = 'shop_copy';
  const say = (verb, text) => process.stdout.write(`${verb.padEnd(10)}${text}\n`);

  const source = ['--connection', uri(database), '--database', database];
  const backup = await cli('backup', ...source, '--to', stage.backups);
  say('backup', `${database} → ${backup.artifact}`);
  say('', `${backup.format}, ${megabytes(backup.bytes)}, ${seconds(backup.durationMs)}`);

  const contents = await cli('inspect', backup.artifact);
  const tables = contents.entries.filter(({ kind }) => kind === 'TABLE');
  say('inspect', `${contents.entries.length} entries, ${tables.length} tables, ${contents.compression}`);

  const check = await cli('verify', backup.artifact, '--level', 'contents');
  const rows = check.tables.reduce((sum, table) => sum + (table.rows ?? 0), 0);
  say('verify', `${check.ok ? 'good' : 'BAD'}: ${rows} rows decoded, ${seconds(check.durationMs)}`);

  const target = ['--into', uri('postgres'), '--database', copy, '--strategy', 'new'];
  const restore = await cli('restore', backup.artifact, ...target);
  const { restored, harmless, failed } = restore.entries;
  say(
    'restore',
    `${restore.database}: ${restored} entries restored, ${harmless} harmless messages, ${failed} failed`,
  );

  const [before, after] = await Promise.all([fingerprints(server, database), fingerprints(server, copy)]);
  const differing = [...before]
    .filter(([table, print]) => after.get(table) !== print)
    .map(([table]) => table);
  const equal = !differing.length && before.size === after.size;
  say(
    'compare',
    equal ? `${before.size} tables are equal, row for row` : `DIFFERENT: ${differing.join(', ')}`,
  );
  return equal && check.ok && failed === 0 ? 0 : 1;
}

/** Row count and a hash over all rows in order, for each table of a database. */
async function fingerprints(server, database) {
  const list = await server.sql(
    `select quote_ident(n.nspname) || '.' || quote_ident(c.relname) from pg_class c
     join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'm') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema' order by 1`,
    database,
  );
  const prints = new Map();
  for (const table of list.split('\n').filter(Boolean)) {
    const text = `select count(*) || ' ' || coalesce(md5(string_agg(t::text, E'\\n' order by t::text)), '') from ${table} t`;
    prints.set(table, await server.sql(text, database));
  }
  return prints;
}

const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;
