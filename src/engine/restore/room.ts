import { statfs } from 'node:fs/promises';
import { withClient, type Access } from '../connections';

const here = /^(?:localhost|127\.\d+\.\d+\.\d+|::1|\/.*|@.*)$/;

/**
 * Bytes free where a server keeps its databases: only a server on this machine can be asked, by way of its data
 * directory, and only by those who may see where that is. Null elsewhere.
 */
export async function freeOnServer(
  access: Access,
  database: string,
  signal?: AbortSignal,
): Promise<number | null> {
  const { settings, ssh } = access.connection;
  if (ssh || !settings.hosts.every(({ host }) => here.test(host))) return null;
  try {
    const { rows } = await withClient(
      access,
      database,
      (client) =>
        client.query<{ path: string | null }>(
          `select pg_catalog.current_setting('data_directory', true) as path`,
        ),
      { signal },
    );
    const path = rows[0]?.path;
    if (!path) return null;
    const { bavail, bsize } = await statfs(path);
    return bavail * bsize;
  } catch {
    // A server in a container has its directory elsewhere, and not everybody may ask.
    return null;
  }
}
