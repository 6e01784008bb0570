import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './postgres';

const run = promisify(execFile);

/** A real sshd on a free loopback port, with its own host key, that lets this user in by one key. */
export interface Sshd {
  port: number;
  /** The private key that opens it. */
  identity: string;
  /** A line for a known_hosts file. */
  knownHost: string;
  /** What it has logged so far. */
  log(): string;
  stop(): Promise<void>;
}

/** Undefined where OpenSSH's server is not installed. */
export function sshdProgram(): string | undefined {
  return ['/usr/sbin/sshd', '/usr/local/sbin/sshd', '/opt/homebrew/sbin/sshd'].find((path) =>
    existsSync(path),
  );
}

export async function startSshd(options: { identity?: string; config?: string[] } = {}): Promise<Sshd> {
  const program = sshdProgram();
  if (!program) throw new Error('sshd is not installed.');
  const folder = await mkdtemp(join(tmpdir(), 'rp-sshd-'));
  // As root it insists on its folder for privilege separation.
  if (process.getuid?.() === 0) await mkdir('/run/sshd', { recursive: true, mode: 0o755 });
  const newKey = async (path: string): Promise<string> => {
    if (!existsSync(path)) await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path]);
    return (await readFile(`${path}.pub`, 'utf8')).trim().split(' ').slice(0, 2).join(' ');
  };
  const hostKey = await newKey(join(folder, 'host'));
  const identity = options.identity ?? join(folder, 'user');
  await writeFile(join(folder, 'authorized_keys'), `${await newKey(identity)}\n`, { mode: 0o600 });
  const port = await freePort();
  const config = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${join(folder, 'host')}`,
    `AuthorizedKeysFile ${join(folder, 'authorized_keys')}`,
    'PidFile none',
    'StrictModes no',
    'UsePAM no',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'PermitRootLogin yes',
    'LogLevel VERBOSE',
    ...(options.config ?? []),
    '',
  ].join('\n');
  await writeFile(join(folder, 'config'), config);
  const child = spawn(program, ['-D', '-e', '-f', join(folder, 'config')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  const listening = new Promise<void>((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      log += text;
      if (log.includes('Server listening')) resolve();
    });
    child.once('exit', () => reject(new Error(`sshd did not start:\n${log}`)));
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stopAtExit = (): void => void child.kill('SIGKILL');
  process.once('exit', stopAtExit);
  await listening;
  return {
    port,
    identity,
    knownHost: `[127.0.0.1]:${port} ${hostKey}`,
    log: () => log,
    async stop() {
      process.removeListener('exit', stopAtExit);
      child.kill('SIGTERM');
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** An ssh client configuration of its own, away from this user's: hosts by name, known keys, nothing else. */
export async function writeSshConfig(
  folder: string,
  hosts: Record<string, { sshd: Sshd; lines?: string[] }>,
  knownHosts: string[] = Object.values(hosts).map(({ sshd }) => sshd.knownHost),
): Promise<string> {
  await mkdir(folder, { recursive: true });
  const known = join(folder, 'known_hosts');
  await writeFile(known, knownHosts.map((line) => `${line}\n`).join(''));
  const file = join(folder, 'ssh_config');
  const blocks = Object.entries(hosts).flatMap(([name, { sshd, lines }]) => [
    `Host ${name}`,
    '  HostName 127.0.0.1',
    `  Port ${sshd.port}`,
    ...(lines ?? [`IdentityFile ${sshd.identity}`]).map((line) => `  ${line}`),
  ]);
  await writeFile(
    file,
    [
      ...blocks,
      'Host *',
      `  User ${userInfo().username}`,
      `  UserKnownHostsFile ${known}`,
      '  GlobalKnownHostsFile /dev/null',
      '  IdentitiesOnly yes',
      '  IdentityAgent none',
      '',
    ].join('\n'),
    { mode: 0o600 },
  );
  return file;
}
