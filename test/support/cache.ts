import { join } from 'node:path';
import { homedir } from 'node:os';

/**
 * Where test tools are kept between clones (other PostgreSQL majors, Node, the VS Code server).
 * As root it must be a folder other users can read: servers run as another user.
 */
export function developerCache(): string {
  if (process.env.RESTORE_POINT_DEV_CACHE) return process.env.RESTORE_POINT_DEV_CACHE;
  if (process.getuid?.() === 0) return '/var/cache/restore-point-dev';
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'restore-point-dev');
}
