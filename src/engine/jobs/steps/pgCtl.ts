import { join } from 'node:path';
import { startProcess, type Ended } from '../../process';
import type { ClientBuild } from '../../tools/types';

export interface PgCtl {
  build: ClientBuild;
  /** The data directory. */
  folder: string;
  /** As whom, where we are root. */
  user?: { uid: number; gid: number } | undefined;
  /** Absent: a small one of our own. */
  env?: NodeJS.ProcessEnv;
  signal?: AbortSignal;
  onLine?: (line: string) => void;
}

/** Runs pg_ctl on a data directory; how it ended. https://www.postgresql.org/docs/current/app-pg-ctl.html */
export async function pgCtl(
  verb: 'start' | 'stop' | 'promote',
  more: string[],
  options: PgCtl,
): Promise<Ended> {
  const { build, folder, user, signal, onLine } = options;
  const env = { PATH: process.env.PATH, LC_ALL: 'C', HOME: folder, TZ: process.env.TZ };
  const { done } = await startProcess(join(build.folder, 'pg_ctl'), [verb, '-D', folder, '-w', ...more], {
    env: options.env ?? env,
    cwd: folder,
    ...(signal ? { signal } : {}),
    stdout: 'lines',
    onLine: (_stream, line) => onLine?.(line),
    ...(user ? { user } : {}),
  });
  return await done;
}
