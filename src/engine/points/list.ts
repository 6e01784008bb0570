import type { Client } from 'pg';
import { listArtifacts } from '../artifacts';
import { parseMarker } from './marker';
import type { RestorePoint } from './types';

/** How long sizes may take: each is a walk over a database's files. */
const sizesWithinMs = 2000;

/** Names we give: a job that died between making a database and marking it leaves one of these without a comment. */
const ourNames = /^(.+)__(?:restoring|(?:before|point|rehearsal)_\d{8}T\d{6})(?:_\d+)?$/s;

/** The databases of the server that say of themselves that they are kept, or are left by a dead job; newest first. */
export async function keptDatabases(client: Client): Promise<RestorePoint[]> {
  const { rows } = await client.query<{ name: string; comment: string | null }>(
    `select d.datname as name, pg_catalog.shobj_description(d.oid, 'pg_database') as comment
       from pg_catalog.pg_database d
      where pg_catalog.shobj_description(d.oid, 'pg_database') like '%restore-point: {%'
         or d.datname ~ '__(restoring|before|point|rehearsal)'`,
  );
  const points = rows.flatMap(({ name, comment }) => pointOf(name, comment) ?? []);
  await addSizes(client, points);
  return points.sort(newestFirst);
}

function pointOf(name: string, comment: string | null): RestorePoint | null {
  const marker = parseMarker(comment);
  if (marker) {
    const { of, reason, createdAt, note, git, state } = marker;
    const point: RestorePoint = { id: name, of, kind: 'database', reason, createdAt, bytes: null, note, git };
    return state === 'kept' ? point : { ...point, unfinished: true };
  }
  const of = comment === null ? ourNames.exec(name)?.[1] : undefined;
  if (of === undefined) return null;
  const unknown = { reason: 'manual', createdAt: '', bytes: null, note: '', git: null } as const;
  return { id: name, of, kind: 'database', ...unknown, unfinished: true };
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
