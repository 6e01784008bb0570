import * as l10n from '@vscode/l10n';
import type { Secrets } from '../connections/types';
import { RestorePointError, toFacts } from '../errors';
import { isSameProcess, processStartTicks, startDetached } from '../process';
import type { Job } from './folder';
import { runnerState } from './list';
import { endUntaken } from './take';
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
  try {
    await startAndWait(job.folder, [execPath, cli], { ...kept, ELECTRON_RUN_AS_NODE: '1' }, secrets);
  } catch (error) {
    const facts = toFacts(error);
    await endUntaken(job.folder, [
      { type: 'error', error: facts },
      { type: 'state', state: 'failed', reason: facts.what },
    ]);
    throw error;
  }
}

/** Until the job is taken, or the process that should take it is gone. */
async function startAndWait(
  folder: string,
  [program, ...words]: [string, ...string[]],
  env: NodeJS.ProcessEnv,
  secrets: Secrets,
): Promise<void> {
  const args = [...words, 'run-job', folder];
  const { pid } = await startDetached(program, args, { env, cwd: folder, input: JSON.stringify(secrets) });
  const ticks = processStartTicks(pid);
  while ((await runnerState(folder)) === 'none') {
    if (ticks === null || !isSameProcess(pid, ticks)) {
      // It may have been quick: look once more now that it is gone.
      if ((await runnerState(folder)) !== 'none') return;
      throw new RestorePointError({
        code: 'job.notStarted',
        what: l10n.t('The process that was to run the job ended before it began.'),
        why: l10n.t('It was started as: {0}', [program, ...args].join(' ')),
        next: l10n.t('Run that line in a terminal to see why, or install the extension anew.'),
        remedies: [{ do: 'retry' }],
      });
    }
    await until(50, undefined, folder);
  }
}
