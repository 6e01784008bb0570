import * as l10n from '@vscode/l10n';
import { startProcess } from '../process';
import { masterArguments, sshFailure, type Forward } from './ssh';
import type { Tunnel, TunnelOptions } from './tunnelTypes';
import type { SshSettings } from './types';

/**
 * The same ports through the control master the user has running, if there is one: the way in where
 * every login asks for a second factor. Not the first choice: it ends with the user's own session.
 * @returns undefined when no master runs, or it does not forward
 */
export async function throughMaster(
  ssh: SshSettings,
  forwards: Forward[],
  { env = process.env, signal, onLog }: TunnelOptions,
): Promise<Tunnel | undefined> {
  const tell = async (command: 'check' | 'forward' | 'cancel'): Promise<string | null> => {
    const { done } = await startProcess(
      'ssh',
      masterArguments(command, ssh, command === 'check' ? [] : forwards),
      {
        env,
        ...(command === 'cancel' ? {} : { signal }),
      },
    );
    const { exitCode, stderrTail } = await done;
    return exitCode === 0 ? null : stderrTail.trim();
  };
  if ((await tell('check')) !== null || (await tell('forward')) !== null) return undefined;
  onLog?.(
    l10n.t('ssh cannot log in by itself; using the connection to {0} that is open already', ssh.destination),
  );
  let isOpen = true;
  return {
    endpoints: forwards.map(({ localPort }) => ({ host: '127.0.0.1', port: localPort })),
    async explain() {
      const gone = await tell('check');
      return gone === null ? undefined : sshFailure(ssh, [gone]);
    },
    async close() {
      if (!isOpen) return;
      isOpen = false;
      await tell('cancel');
    },
  };
}
