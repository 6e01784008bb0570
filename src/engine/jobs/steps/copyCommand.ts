import * as l10n from '@vscode/l10n';
import { CancelledError, RestorePointError } from '../../errors';
import { processStartTicks, startProcess } from '../../process';
import { renderCopyCommand } from '../../tools';
import type { StepContext } from './types';

/** Runs a person's own command by the shell; its exit code decides, what it says goes into the log. Throws `lowlevel.copy`. */
export async function runCopyCommand(
  command: string,
  source: string,
  target: string,
  signal: AbortSignal,
  { event, log }: StepContext,
): Promise<void> {
  const rendered = renderCopyCommand(command, source, target);
  log('info', rendered, 'command');
  const { PGPASSWORD: _secret, ...env } = process.env;
  const { pid, done } = await startProcess('/bin/sh', ['-c', rendered], {
    env,
    signal,
    stdout: 'lines',
    onLine: (_stream, line) => log('info', line, 'copy'),
  });
  if (pid !== undefined)
    event({ type: 'process', pid, startedAtTicks: processStartTicks(pid), name: 'copy command' });
  const { exitCode, signal: by, stderrTail } = await done;
  if (signal.aborted) throw new CancelledError();
  if (exitCode === 0) return;
  throw new RestorePointError({
    code: 'lowlevel.copy',
    what:
      by === null
        ? l10n.t('The copy command ended with exit code {0}; the backup was given up.', exitCode)
        : l10n.t('The copy command was ended by {0}; the backup was given up.', by),
    why: stderrTail.split('\n').slice(-5).join('\n') || rendered,
    next: l10n.t(
      'Mend the command, and run the backup again. Of a server that is in use files may go away while they are copied: a program that calls that an error needs to be told otherwise (rsync … || [ $? = 24 ]).',
    ),
    remedies: [{ do: 'showLog' }],
  });
}
