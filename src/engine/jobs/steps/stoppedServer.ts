import { readFile, readlink, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { startProcess } from '../../process';
import { quoteWord } from '../../tools';
import type { ClientBuild } from '../../tools/types';

/** How a server ran before it was stopped. */
export interface ServerRun {
  /** Its arguments. */
  args: string[];
  env: NodeJS.ProcessEnv;
  /** The file it wrote to what it said, or another where that was none. */
  log: string;
}

/** `postmaster.opts` is the command line it was started by (postmaster.c, CreateOptsFile); the rest the system knows. */
export async function howItRuns(server: number, directory: string): Promise<ServerRun> {
  const line = await readFile(join(directory, 'postmaster.opts'), 'utf8').catch(() => '');
  const args = [...line.matchAll(/"([^"]*)"/g)].map(([, word = '']) => word);
  const environment = await readFile(`/proc/${server}/environ`, 'utf8').catch(() => '');
  const env = Object.fromEntries(
    environment.split('\0').flatMap((pair) => {
      const at = pair.indexOf('=');
      return at > 0 ? [[pair.slice(0, at), pair.slice(at + 1)]] : [];
    }),
  );
  const log = await readlink(`/proc/${server}/fd/2`).catch(() => null);
  const isFile = log !== null && (await stat(log).catch(() => null))?.isFile() === true;
  return {
    args,
    env: environment ? env : { PATH: process.env.PATH, LC_ALL: 'C', HOME: directory, TZ: process.env.TZ },
    log: isFile ? log : join(directory, 'restore-point.log'),
  };
}

/** For `pg_ctl start`, which hands the options to a shell. */
export function startArguments(directory: string, { args, log }: ServerRun): string[] {
  // pg_ctl gives the directory itself.
  const own = args.filter((word, i) => !(word === '-D' || (args[i - 1] === '-D' && word === directory)));
  return ['-l', log, '-o', own.map(quoteWord).join(' ')];
}

/**
 * Reads a line from us. When we are killed there is none: then it waits for the server to have stopped and starts it.
 * `$0` is pg_ctl, `$1` the data directory.
 */
const guardScript = `exec >/dev/null 2>&1
read -r line && [ "$line" = done ] && exit 0
directory=$1; shift
seconds=0
while "$0" status -D "$directory" && [ $seconds -lt 600 ]; do seconds=$((seconds + 1)); sleep 1; done
exec "$0" start -D "$directory" -w "$@"`;

/**
 * Stands by to start a server again should this process be killed before it does so itself.
 * @returns what sends it home.
 */
export async function guardServer(
  build: ClientBuild,
  directory: string,
  how: ServerRun,
  user: { uid: number; gid: number } | undefined,
): Promise<() => Promise<void>> {
  const line = new PassThrough();
  const args = [
    '-c',
    guardScript,
    join(build.folder, 'pg_ctl'),
    directory,
    ...startArguments(directory, how),
  ];
  const { done } = await startProcess('/bin/sh', args, {
    env: how.env,
    cwd: directory,
    stdin: line,
    ...(user ? { user } : {}),
  });
  return async () => {
    line.end('done\n');
    await done.catch(() => undefined);
  };
}
