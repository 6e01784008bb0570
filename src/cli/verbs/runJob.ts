import { text } from 'node:stream/consumers';
import * as l10n from '@vscode/l10n';
import { loadManifestReader } from '../../engine/artifacts';
import type { Secrets } from '../../engine/connections/types';
import { RestorePointError } from '../../engine/errors';
import { runJob } from '../../engine/jobs';
import { common, parse, UsageError } from '../args';
import { exitCodes, type Verb } from '../io';

const usage = `restore-point run-job: runs a job that was put into a folder (for the engine's own use)

Usage: restore-point run-job FOLDER < SECRETS

SECRETS is a JSON object of passwords by connection id, read to the end of standard input.
`;

export const verb: Verb = {
  usage,
  async run(args, io) {
    const { positionals } = parse({ args, allowPositionals: true, options: common });
    const [folder] = positionals;
    if (folder === undefined || positionals.length > 1)
      throw new UsageError(l10n.t('run-job takes one folder.'));
    await loadLateParts();
    const secrets = parseSecrets(await text(io.stdin));
    const { state } = await runJob(folder, secrets, { signal: io.signal });
    if (state === 'cancelled') return exitCodes.cancelled;
    return state === 'succeeded' ? exitCodes.done : exitCodes.failed;
  },
};

/** An update of the editor may remove the program while a long job runs: nothing is left to be read then. */
async function loadLateParts(): Promise<void> {
  await Promise.all([import('pg'), loadManifestReader()]);
}

/** Never repeats what it read: it may be a secret. */
function parseSecrets(input: string): Secrets {
  let value: unknown = {};
  try {
    if (input.trim() !== '') value = JSON.parse(input);
  } catch {
    value = null;
  }
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isObject || !Object.values(value as object).every((secret) => typeof secret === 'string'))
    throw new RestorePointError({
      code: 'job.secrets',
      what: l10n.t('The secrets on standard input cannot be read.'),
      why: l10n.t('Expected is a JSON object of texts, or nothing.'),
      next: l10n.t('Start the job again.'),
    });
  return value as Secrets;
}
