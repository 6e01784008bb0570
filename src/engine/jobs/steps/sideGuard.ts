import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { startProcess } from '../../process';
import type { ClientBuild } from '../../tools/types';

/**
 * Reads a line from us. When we are killed there is none: then the server is stopped; one that a pg_ctl of ours is about to start
 * comes up within moments, so it is tried for a while. `$0` is pg_ctl, `$1` the data directory.
 */
const guardScript = `exec >/dev/null 2>&1
tries=30
read -r line && tries=1
[ "$line" = done ] && exit 0
until "$0" stop -D "$1" -m immediate -w || [ $((tries -= 1)) -le 0 ]; do sleep 1; done`;

/** Watches over a cluster that is on its way to a target: nobody would look after it when this process is killed. */
export interface SideGuard {
  /** The cluster goes on without us. */
  release(): Promise<void>;
  /** The cluster is stopped, if it runs. */
  stop(): Promise<void>;
}

/** Stands by to stop a cluster of ours that it is not said of that it may go on. */
export async function guardSide(
  build: ClientBuild,
  folder: string,
  user: { uid: number; gid: number } | undefined,
): Promise<SideGuard> {
  const line = new PassThrough();
  const { done } = await startProcess('/bin/sh', ['-c', guardScript, join(build.folder, 'pg_ctl'), folder], {
    env: { PATH: process.env.PATH, LC_ALL: 'C', HOME: folder },
    cwd: folder,
    stdin: line,
    ...(user ? { user } : {}),
  });
  const end = async (word: string): Promise<void> => {
    line.end(word);
    await done.catch(() => undefined);
  };
  return { release: async () => await end('done\n'), stop: async () => await end('stop\n') };
}
