import { spawnSync } from 'node:child_process';

/** `ps` of a machine with very many processes is large; more than this is no answer. */
const longestAnswerBytes = 100 * 1024 * 1024;

/**
 * Runs a short program and returns its standard output; null when it fails or cannot be started. Blocks.
 * It speaks English and universal time: what `ps` says is compared by processes of different settings.
 */
export function askSync(command: string, args: string[], timeoutMs = 10_000): string | null {
  const { status, stdout } = spawnSync(command, args, {
    env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
    timeout: timeoutMs,
    maxBuffer: longestAnswerBytes,
    stdio: ['ignore', 'pipe', 'ignore'],
    encoding: 'utf8',
    windowsHide: true,
  });
  return status === 0 ? stdout.replace(/\r?\n$/, '') : null;
}
