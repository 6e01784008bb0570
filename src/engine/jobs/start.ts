import * as l10n from '@vscode/l10n';
import type { Secrets } from '../connections/types';
import { RestorePointError } from '../errors';
import { startDetached } from '../process';
import type { Job } from './folder';
import { runnerState } from './list';
import { isSameProcess, processStartTicks } from '../process';
import { until } from './wait';

/** Variables that would make the runner load what the extension host was told to, or carry a secret. */
const dropped = /^(?:NODE_OPTIONS|NODE_INSPECT\w*|VSCODE_\w+|ELECTRON_\w+|PGPASSWORD)$/;

/**
 * Starts a job's runner as a process of its own that outlives this one; resolves when it has taken
 * the job. The secrets go over its standard input.
 *
 * @param cli the bundled command line, `dist/cli.js`.
 * @param execPath Node, or the editor's own program, which is told to be Node.
 * @throws RestorePointError `job.notStarted`, `tool.notStarted`
 */
export async function startRunner(
  job: Pick<Job, 'folder'>,
  options: { cli: string; secrets: Secrets; execPath?: string; env?: NodeJS.ProcessEnv },
): Promise<void> {
  const { cli, secrets, execPath = process.execPath, env = process.env } = options;
  const kept = Object.fromEntries(Object.entries(env).filter(([name]) => !dropped.test(name)));
  const { pid } = await startDetached(execPath, [cli, 'run-job', job.folder], {
    env: { ...kept, ELECTRON_RUN_AS_NODE: '1' },
    cwd: job.folder,
    input: JSON.stringify(secrets),
  });
  const ticks = processStartTicks(pid);
  while ((await runnerState(job.folder)) === 'none') {
    if (ticks === null || !isSameProcess(pid, ticks)) {
      // It may have been quick: look once more after it is gone.
      if ((await runnerState(job.folder)) !== 'none') return;
      throw new RestorePointError({
        code: 'job.notStarted',
        what: l10n.t('The process that was to run the job ended before it began.'),
        why: l10n.t('It was started as: {0}', [execPath, cli, 'run-job', job.folder].join(' ')),
        next: l10n.t('Run that line in a terminal to see why, or install the extension anew.'),
        remedies: [{ do: 'retry' }],
      });
    }
    await until(50, undefined, job.folder);
  }
}
