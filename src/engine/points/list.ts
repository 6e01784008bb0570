import type { Client } from 'pg';
import { listArtifacts } from '../artifacts';
import { parseMarker } from './marker';
import type { RestorePoint } from './types';

/** How long sizes may take: each is a walk over a database's files. */
const sizesWithinMs = 2000;

/** The databases of the server that say of themselves that they are kept, the newest first. */
export async function keptDatabases(client: Client): Promise<RestorePoint[]> {
  const { rows } = await client.query<{ name: string; comment: string }>(
    `select d.datname as name, s.description as comment
       from pg_catalog.pg_database d
       join pg_catalog.pg_shdescription s
         on s.objoid = d.oid and s.classoid = 'pg_catalog.pg_database'::pg_catalog.regclass
      where s.description like '%restore-point: {%'`,
  );
  const points = rows.flatMap(({ name, comment }): RestorePoint[] => {
    const marker = parseMarker(comment);
    if (marker?.state !== 'kept') return [];
    const { of, reason, createdAt, note, git } = marker;
    return [{ id: name, of, kind: 'database', reason, createdAt, bytes: null, note, git }];
  });
  await addSizes(client, points);
  return points.sort(newestFirst);
}

/** Dumps of databases of this server (`host:port`) that were kept as restore points, in one of the folders. */
export async function keptDumps(folders: string[], server: string): Promise<RestorePoint[]> {
  const found: RestorePoint[] = [];
  for (const { path, manifest, bytes, createdAt } of await listArtifacts(folders)) {
    if (!manifest?.restorePoint || manifest.source.server !== server) continue;
    const { reason, git } = manifest.restorePoint;
    const { database: of } = manifest.source;
    found.push({ id: path, of, kind: 'dump', reason, createdAt, bytes, note: manifest.notes, git });
  }
  return found.sort(newestFirst);
}

export function newestFirst(a: RestorePoint, b: RestorePoint): number {
  return a.createdAt < b.createdAt ? 1 : a.createdAt > b.createdAt ? -1 : 0;
}

async function addSizes(client: Client, points: RestorePoint[]): Promise<void> {
  try {
    await client.query(`set statement_timeout = ${sizesWithinMs}`);
    for (const point of points) {
      const { rows } = await client.query<{ bytes: string | null }>(
        'select pg_catalog.pg_database_size($1) as bytes',
        [point.id],
      );
      point.bytes = Number(rows[0]?.bytes ?? 0);
    }
  } catch {
    // No right to ask, or too slow: what is known is shown.
  } finally {
    await client.query('reset statement_timeout').catch(() => undefined);
  }
}
