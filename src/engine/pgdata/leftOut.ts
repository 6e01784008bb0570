/** Folders whose content belongs to the running server; the folders themselves are needed. */
const emptied = new Set([
  'pg_dynshmem',
  'pg_notify',
  'pg_replslot',
  'pg_serial',
  'pg_snapshots',
  'pg_stat_tmp',
  'pg_subtrans',
]);

/** At the top of the data directory. Labels are of the backup that the cluster itself was made from. */
const files = new Set([
  'backup_label',
  'backup_label.old',
  'backup_manifest',
  'current_logfiles.tmp',
  'postgresql.auto.conf.tmp',
  'postmaster.opts',
  'postmaster.pid',
  'tablespace_map',
  'tablespace_map.old',
]);

const temporaryRelation = /^t\d+_\d+(?:_(?:fsm|vm|init))?(?:\.\d+)?$/;

/**
 * Whether a path of a data directory (`/` between parts) has no place in a copy of it. WAL (`pg_wal/…`) has rules of its
 * own. Sources: https://www.postgresql.org/docs/current/continuous-archiving.html, "Backing Up the Data Directory";
 * backup/basebackup.c, `excludeDirContents` and `excludeFiles`.
 */
export function isLeftOut(path: string): boolean {
  const parts = path.split('/');
  const [top = '', ...below] = parts;
  const name = parts.at(-1)!;
  return (
    (below.length > 0 && emptied.has(top)) ||
    (below.length === 0 && files.has(top)) ||
    name.startsWith('pgsql_tmp') ||
    name.startsWith('pg_internal.init') ||
    ((top === 'base' || top === 'pg_tblspc') && temporaryRelation.test(name))
  );
}
