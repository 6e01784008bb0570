import * as l10n from '@vscode/l10n';
import { withClient } from '../../connections';
import type { Access } from '../../connections/types';

/** Files that are named; mostly it is one. */
const namedAtMost = 10;

/** `./base/16385/16390`, also a segment of it, or one in a tablespace: of which database and with which number. */
const place = /(?:base|pg_tblspc\/(\d+)\/[^/"]+)\/(\d+)\/(\d+)(?:\.\d+)?$/;

/**
 * What a server that found damaged pages while it was backed up (`checksum verification failed in file …`) says of them, each with
 * the relation whose file it is, as far as that can be asked.
 */
export async function damagedFiles(said: string, access: Access, signal: AbortSignal): Promise<string[]> {
  const blocks = new Map<string, string>();
  for (const [, file = '', block = ''] of said.matchAll(
    /checksum verification failed in file "([^"]+)", block (\d+)/g,
  ))
    if (!blocks.has(file) && blocks.size < namedAtMost) blocks.set(file, block);
  const lines: string[] = [];
  for (const [file, block] of blocks) {
    const relation = await relationOf(file, access, signal).catch(() => null);
    const path = file.replace(/^\.\//, '');
    lines.push(
      relation === null
        ? l10n.t('{0}, block {1}', path, block)
        : l10n.t('{0} in the database {1}: {2}, block {3}', relation.name, relation.database, path, block),
    );
  }
  return lines;
}

async function relationOf(
  file: string,
  access: Access,
  signal: AbortSignal,
): Promise<{ name: string; database: string } | null> {
  const [, space, database, node] = place.exec(file) ?? [];
  if (node === undefined) return null;
  const { database: login } = access.connection.settings;
  const name = await withClient(
    access,
    login,
    async (client) =>
      (
        await client.query<{ name: string }>(
          'select datname as name from pg_catalog.pg_database where oid = $1',
          [database],
        )
      ).rows[0]?.name,
    { signal },
  );
  if (name === undefined) return null;
  const relation = await withClient(
    access,
    name,
    async (client) =>
      (
        await client.query<{ name: string | null }>(
          'select pg_catalog.pg_filenode_relation($1, $2)::pg_catalog.regclass::text as name',
          // 0 is the database's own tablespace.
          [space ?? '0', node],
        )
      ).rows[0]?.name,
    { signal },
  );
  return relation == null ? null : { name: relation, database: name };
}
