import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Cluster } from '../../support/postgres';

/** What a user's shell sees of one command. */
export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

const cli = resolve('dist/cli.js');

/** A user of the command line: a home of their own, no password file, nothing in the environment. */
export interface User {
  home: string;
  run(args: string[], options?: { env?: Record<string, string>; cwd?: string }): Promise<Ran>;
  /** Runs with `--json`; standard output must be one document. */
  json<T>(
    args: string[],
    options?: { env?: Record<string, string>; cwd?: string },
  ): Promise<Ran & { document: T }>;
  /** Runs it, and kills it (SIGKILL) as soon as standard error has a text; resolves when it is gone. */
  killedAt(args: string[], text: string): Promise<void>;
  remove(): Promise<void>;
}

export async function newUser(): Promise<User> {
  const home = await mkdtemp(join(tmpdir(), 'rp-cli-'));
  const run: User['run'] = async (args, { env = {}, cwd = home } = {}) =>
    await new Promise((done) => {
      const child = execFile(
        process.execPath,
        [cli, ...args],
        {
          cwd,
          env: { PATH: process.env.PATH, HOME: home, RESTORE_POINT_HOME: join(home, 'rp'), ...env },
          maxBuffer: 1 << 28,
        },
        (error, stdout, stderr) => {
          const code = error ? (typeof error.code === 'number' ? error.code : -1) : 0;
          done({ code, stdout, stderr });
        },
      );
      child.stdin?.end();
    });
  return {
    home,
    run,
    async json(args, options) {
      const [verb = '', ...words] = args;
      const ran = await run([verb, '--json', ...words], options);
      try {
        return { ...ran, document: JSON.parse(ran.stdout) };
      } catch (error) {
        throw new Error(`No JSON document: ${ran.stdout}\n${ran.stderr}`, { cause: error });
      }
    },
    killedAt: async (args, text) =>
      await new Promise((resolve, reject) => {
        const child = spawn(process.execPath, [cli, ...args], {
          cwd: home,
          env: { PATH: process.env.PATH, HOME: home, RESTORE_POINT_HOME: join(home, 'rp') },
          stdio: ['ignore', 'ignore', 'pipe'],
        });
        let said = '';
        child.stderr.setEncoding('utf8').on('data', (more: string) => {
          said += more;
          if (said.includes(text)) child.kill('SIGKILL');
        });
        child.once('exit', (_code, signal) =>
          signal === 'SIGKILL' ? resolve() : reject(new Error(`It ended by itself:\n${said}`)),
        );
      }),
    remove: async () => await rm(home, { recursive: true, force: true }),
  };
}

/** How a user reaches a test server: the place in the argument, the password in the environment. */
export function reach(cluster: Cluster, user = 'postgres'): { args: string[]; env: Record<string, string> } {
  return {
    args: ['--connection', `postgresql://${user}@127.0.0.1:${cluster.port}/postgres`, '--tools', cluster.bin],
    env: { PGPASSWORD: cluster.password },
  };
}

export interface BackupDocument {
  artifact: string;
  manifest: string;
  method: string;
  format: string;
  bytes: number;
  durationMs: number;
  tables: { schema: string; name: string; rows: number | null; estimatedRows?: number | null }[];
  compression: string;
  warnings: { code: string; text: string }[];
  evidence: { level: string; ok: boolean };
}

export interface ErrorDocument {
  error: { code: string; what: string; why: string; next: string; sqlState?: string };
}
