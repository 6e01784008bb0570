import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { promisify } from 'node:util';
import { developerCache } from './cache';

const run = promisify(execFile);

/** A real server in a temporary folder, on a Unix socket and a free loopback port; superuser `postgres`. */
export interface Cluster {
  major: number;
  /** Folder of this major's programs. */
  bin: string;
  port: number;
  /** Folder of the socket. */
  socketDir: string;
  dataDir: string;
  superuser: 'postgres';
  /** The superuser's password; TCP asks for it (scram), the socket does not. */
  password: string;
  /** `postgresql://postgres:…@127.0.0.1:PORT/DATABASE`, with the password. */
  uri(database?: string): string;
  /** Runs SQL by psql over the socket as superuser; returns unaligned tuples. Throws on the first error. */
  sql(text: string, database?: string): Promise<string>;
  /** Loads an SQL file by psql, with psql's variables. */
  load(file: string, database: string, variables?: Record<string, string>): Promise<void>;
  /** The server process, for tests that pause or kill it. */
  readonly process: ChildProcess;
  /** Stops the server as a power cut would, and starts it again on the same data. */
  restart(): Promise<void>;
  stop(mode?: 'fast' | 'immediate'): Promise<void>;
}

interface ServerProcess {
  child: ChildProcess;
  exited: Promise<void>;
  /** The end of what it said. */
  log(): string;
}

/** Folder of a major's programs: Debian's place, else the developer cache. Undefined when absent. */
export function postgresBin(major: number): string | undefined {
  return [
    `/usr/lib/postgresql/${major}/bin`,
    join(developerCache(), 'postgres', String(major), 'usr/lib/postgresql', String(major), 'bin'),
  ].find((folder) => existsSync(join(folder, 'postgres')));
}

/** The majors the tests run against; the oldest is Debian 12's own. */
export const majors = [15, 17, 18] as const;

export async function freePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}

/** Another user to run the server as: PostgreSQL refuses root. */
async function serverUser(): Promise<{ uid: number; gid: number } | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const passwd = await readFile('/etc/passwd', 'utf8');
  for (const name of ['postgres', 'nobody']) {
    const line = passwd.split('\n').find((l) => l.startsWith(`${name}:`));
    if (line) {
      const [, , uid, gid] = line.split(':');
      return { uid: Number(uid), gid: Number(gid) };
    }
  }
  throw new Error('Running as root, and neither user "postgres" nor "nobody" exists to run the server as.');
}

export async function startCluster(
  major: number,
  options: {
    settings?: Record<string, string>;
    initdb?: string[];
    hba?: string;
    /** Waits for WAL that never comes: read-only, in recovery. */
    standby?: boolean;
  } = {},
): Promise<Cluster> {
  const bin = postgresBin(major);
  if (!bin) throw new Error(`PostgreSQL ${major} is not installed; npm test installs it (scripts/setup).`);
  const user = await serverUser();
  const root = await mkdtemp(join(tmpdir(), `rp-pg${major}-`));
  const dataDir = join(root, 'data');
  const password = 'sEcret-pässword+/=%';
  const passwordFile = join(root, 'pw');
  await writeFile(passwordFile, password);
  await chmod(root, 0o755);
  if (user) {
    await chown(root, user.uid, user.gid);
    await chown(passwordFile, user.uid, user.gid);
  }
  const share = join(bin, '../../../../share/postgresql', String(major));
  // The mark lets the scripts find and end a server that a crashed test left behind.
  const mark = process.env.RESTORE_POINT_TEST_RUN;
  const env = {
    PATH: process.env.PATH,
    LC_ALL: 'C.UTF-8',
    HOME: root,
    ...(mark ? { RESTORE_POINT_TEST_RUN: mark } : {}),
  };
  await run(
    join(bin, 'initdb'),
    [
      '-D',
      dataDir,
      '-U',
      'postgres',
      '--auth-local=trust',
      '--auth-host=scram-sha-256',
      `--pwfile=${passwordFile}`,
      '-E',
      'UTF8',
      '--locale=C.UTF-8',
      '--no-sync',
      ...(bin.startsWith('/usr/') ? [] : ['-L', share]),
      ...(options.initdb ?? []),
    ],
    { ...user, env, cwd: root },
  );
  if (options.hba !== undefined) await writeFile(join(dataDir, 'pg_hba.conf'), options.hba);
  if (options.standby) {
    const signal = join(dataDir, 'standby.signal');
    await writeFile(signal, '');
    if (user) await chown(signal, user.uid, user.gid);
  }
  const port = await freePort();
  const settings: Record<string, string> = {
    fsync: 'off',
    full_page_writes: 'off',
    listen_addresses: '127.0.0.1',
    unix_socket_directories: root,
    port: String(port),
    lc_messages: 'C',
    ...options.settings,
  };
  const args = [
    '-D',
    dataDir,
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
  const launch = (): ServerProcess => {
    const child = spawn(join(bin, 'postgres'), args, {
      ...user,
      env,
      cwd: root,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let log = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (log = (log + text).slice(-20_000)));
    const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    return { child, exited, log: () => log };
  };
  let server = launch();
  const psql = async (args: string[]): Promise<string> => {
    const { stdout } = await run(
      join(bin, 'psql'),
      ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-h', root, '-p', String(port), '-U', 'postgres', ...args],
      {
        env: { ...env, PGCLIENTENCODING: 'UTF8' },
        maxBuffer: 1 << 28,
      },
    );
    return stdout.replace(/\n$/, '');
  };
  const stopAtExit = (): void => void server.child.kill('SIGKILL');
  process.once('exit', stopAtExit);
  const end = async (mode: 'fast' | 'immediate'): Promise<void> => {
    const { child, exited } = server;
    if (child.exitCode === null && child.signalCode === null)
      child.kill(mode === 'fast' ? 'SIGINT' : 'SIGQUIT');
    await exited;
  };
  const answers = async (): Promise<void> => {
    for (let attempt = 0; ; attempt++) {
      try {
        await psql(['-Atc', 'select 1', '-d', 'postgres']);
        return;
      } catch (error) {
        if (attempt > 200 || server.child.exitCode !== null)
          throw new Error(`PostgreSQL ${major} did not start:\n${server.log()}`, { cause: error });
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  };
  await answers();
  return {
    major,
    bin,
    port,
    socketDir: root,
    dataDir,
    superuser: 'postgres',
    password,
    get process() {
      return server.child;
    },
    async restart() {
      await end('immediate');
      server = launch();
      await answers();
    },
    uri: (database = 'postgres') =>
      `postgresql://postgres:${encodeURIComponent(password)}@127.0.0.1:${port}/${encodeURIComponent(database)}`,
    sql: (text, database = 'postgres') => psql(['-Atc', text, '-d', conninfo(database)]),
    load: async (file, database, variables = {}) => {
      const given = Object.entries(variables).flatMap(([name, value]) => ['-v', `${name}=${value}`]);
      await psql([...given, '-f', file, '-d', conninfo(database)]);
    },
    async stop(mode = 'immediate') {
      process.removeListener('exit', stopAtExit);
      await end(mode);
      await rm(root, { recursive: true, force: true });
    },
  };
}

/** A database name as a conninfo string, so that no name is read as one. */
export function conninfo(database: string): string {
  return `dbname='${database.replace(/[\\']/g, '\\$&')}'`;
}
