import { execFile, spawn } from 'node:child_process';
import { appendFile, readdir, readlink, stat, writeFile, chown } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort, type Cluster } from './postgres';

const run = promisify(execFile);

/** Runs a program of the cluster's version as the user the server runs as; returns what it printed. */
export async function asServer(cluster: Cluster, program: string, args: string[]): Promise<string> {
  const { uid, gid } = await stat(cluster.dataDir);
  const { stdout } = await run(program.includes('/') ? program : join(cluster.bin, program), args, {
    uid,
    gid,
    cwd: cluster.socketDir,
    env: { PATH: process.env.PATH, HOME: cluster.socketDir, LC_ALL: 'C.UTF-8' },
    maxBuffer: 1 << 28,
  });
  return stdout;
}

/** Processes that work in a folder: a server and what belongs to it. */
export async function serversIn(folder: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const places = await Promise.all(
    pids.map(async (pid) => [pid, await readlink(`/proc/${pid}/cwd`).catch(() => '')] as const),
  );
  return places.filter(([, place]) => place.replace(/ \(deleted\)$/, '') === folder).map(([pid]) => pid);
}

/** A base backup without any WAL, below the cluster's folder: it needs an archive to be started. */
export async function baseBackup(cluster: Cluster, name: string, more: string[] = []): Promise<string> {
  const path = join(cluster.socketDir, name);
  const server = ['-h', cluster.socketDir, '-p', String(cluster.port), '-U', 'postgres'];
  await asServer(cluster, 'pg_basebackup', [
    ...server,
    '-D',
    path,
    '-c',
    'fast',
    '-X',
    'none',
    '--no-sync',
    ...more,
  ]);
  return path;
}

export interface Recovered {
  /** False when the server ended instead. */
  opened: boolean;
  /** All it said. */
  log: string;
  /** Runs SQL as superuser; there when it was opened. */
  sql(text: string): Promise<string>;
  stop(): Promise<void>;
}

/** Starts a base backup as a server of its own that recovers, until it is opened for writing or has ended. */
export async function recover(
  cluster: Cluster,
  dataDir: string,
  settings: Record<string, string>,
): Promise<Recovered> {
  const { uid, gid } = await stat(dataDir);
  const signal = join(dataDir, 'recovery.signal');
  await writeFile(signal, '');
  await chown(signal, uid, gid);
  const lines = Object.entries(settings).map(
    ([name, value]) => `${name} = '${value.replaceAll("'", "''")}'\n`,
  );
  await appendFile(join(dataDir, 'postgresql.auto.conf'), lines.join(''));
  const port = await freePort();
  const fixed = {
    port: String(port),
    unix_socket_directories: dataDir,
    fsync: 'off',
    listen_addresses: '',
    lc_messages: 'C',
  };
  const child = spawn(
    join(cluster.bin, 'postgres'),
    ['-D', dataDir, ...Object.entries(fixed).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    {
      uid,
      gid,
      cwd: dataDir,
      stdio: ['ignore', 'ignore', 'pipe'],
      // Found and ended by the scripts when a test crashes.
      env: {
        PATH: process.env.PATH,
        HOME: cluster.socketDir,
        LC_ALL: 'C.UTF-8',
        RESTORE_POINT_TEST_RUN: process.env.RESTORE_POINT_TEST_RUN,
      },
    },
  );
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const sql = async (text: string): Promise<string> => {
    const { stdout } = await run(join(cluster.bin, 'psql'), [
      ...['-X', '-q', '-At', '-v', 'ON_ERROR_STOP=1', '-h', dataDir, '-p', String(port), '-U', 'postgres'],
      ...['-d', 'postgres', '-c', text],
    ]);
    return stdout.trim();
  };
  const isOpen = async (): Promise<boolean> => {
    try {
      return (await sql('select pg_is_in_recovery()')) === 'f';
    } catch {
      return false;
    }
  };
  let opened = false;
  while (child.exitCode === null && child.signalCode === null && !(opened = await isOpen()))
    await new Promise((resolve) => setTimeout(resolve, 100));
  if (!opened) await exited;
  return {
    opened,
    get log() {
      return log;
    },
    sql,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGINT');
      await exited;
    },
  };
}
