import * as l10n from '@vscode/l10n';
import { RestorePointError } from '../errors';
import { isSocket } from './keywords';
import type { HostPort, SshSettings } from './types';

const loginFailure = /Permission denied|Too many authentication failures/i;

export interface Forward {
  localPort: number;
  /** As `-L` takes it: `host:port`, `[::1]:5432` or a socket's path. */
  target: string;
}

export function targetOf({ host, port, address }: HostPort): string {
  if (isSocket(host)) return `${host}/.s.PGSQL.${port}`;
  const name = address ?? host;
  return name.includes(':') ? `[${name}]:${port}` : `${name}:${port}`;
}

/**
 * Arguments of `ssh` for forwarding only. It may ask nothing (BatchMode), keeps away from a shared control
 * master (forwards would outlive us there), and notices a dead network by itself.
 * Debug level 1 tells when the forwards are bound, https://man.openbsd.org/ssh
 */
export function sshArguments(
  ssh: SshSettings,
  forwards: Forward[],
  { strict, seconds }: { strict: boolean; seconds: number },
): string[] {
  const options = {
    BatchMode: 'yes',
    ExitOnForwardFailure: strict ? 'yes' : 'no',
    ControlMaster: 'no',
    ControlPath: 'none',
    ServerAliveInterval: '15',
    ServerAliveCountMax: '3',
    RemoteCommand: 'none',
    RequestTTY: 'no',
    ForkAfterAuthentication: 'no',
    ...(seconds > 0 ? { ConnectTimeout: String(seconds) } : {}),
  };
  const set = Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  return ['-v', '-N', '-T', ...set, ...forwardArguments(forwards), ...destinationArguments(ssh)];
}

/**
 * Arguments that speak to the control master the user has running (ControlMaster, ControlPath):
 * `check` whether there is one, `forward` the ports through it, `cancel` them.
 */
export function masterArguments(
  command: 'check' | 'forward' | 'cancel',
  ssh: SshSettings,
  forwards: Forward[] = [],
): string[] {
  return ['-O', command, '-o', 'BatchMode=yes', ...forwardArguments(forwards), ...destinationArguments(ssh)];
}

function forwardArguments(forwards: Forward[]): string[] {
  return forwards.flatMap(({ localPort, target }) => ['-L', `127.0.0.1:${localPort}:${target}`]);
}

function destinationArguments(ssh: SshSettings): string[] {
  return [
    ...(ssh.configFile ? ['-F', ssh.configFile] : []),
    ...(ssh.port ? ['-p', String(ssh.port)] : []),
    ...(ssh.identityFile ? ['-i', ssh.identityFile] : []),
    ...(ssh.jump ? ['-J', ssh.jump] : []),
    // A destination with a leading dash must not be read as an option.
    '--',
    ssh.destination,
  ];
}

/** Whether ssh failed for want of something only a person can give (a passphrase, a second factor). */
export function isLoginFailure({ why }: RestorePointError): boolean {
  return loginFailure.test(why);
}

/** Why ssh failed, from its own words. */
export function sshFailure(ssh: SshSettings, words: string[], cause?: unknown): RestorePointError {
  const why =
    words.join(' ') || (cause instanceof Error ? cause.message : l10n.t('ssh ended without a word.'));
  return new RestorePointError(
    {
      code: 'connection.ssh',
      what: l10n.t('The ssh tunnel through {0} could not be opened.', ssh.destination),
      why,
      next: remedyFor(why, ssh, cause),
      remedies: [{ do: 'editConnection' }, { do: 'retry' }],
    },
    { cause },
  );
}

function remedyFor(why: string, ssh: SshSettings, cause: unknown): string {
  const command = `ssh ${[...(ssh.port ? ['-p', ssh.port] : []), ...(ssh.jump ? ['-J', ssh.jump] : []), ssh.destination].join(' ')}`;
  if (cause instanceof RestorePointError && cause.code === 'tool.notStarted')
    return l10n.t('Install the OpenSSH client, so that "ssh" is on the PATH.');
  if (/Host key verification failed|REMOTE HOST IDENTIFICATION/i.test(why))
    return l10n.t('Run "{0}" once in a terminal, check the host’s key and accept it.', command);
  if (loginFailure.test(why))
    return l10n.t(
      'ssh may not ask here: load the key into the agent (ssh-add), or name the identity file; "{0}" in a terminal must work without questions.',
      command,
    );
  if (/Could not resolve hostname|refused|timed out|No route|unreachable|No answer/i.test(why))
    return l10n.t('Check host, port, jump hosts and network of the ssh connection.');
  return l10n.t('Try "{0}" in a terminal until it works without questions.', command);
}
