import { chown, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import * as l10n from '@vscode/l10n';
import { RestorePointError } from '../../errors';
import { explainFileError } from '../../fileFailure';
import type { RecoverCopyStep } from '../../plan';
import { startProcess } from '../../process';
import { quoteIdent } from '../../quote';
import { throwIfCancelled } from '../wait';
import { copySettings } from './copySettings';
import { keepFailure } from './rehearsalEvidence';
import { noteProcess, settingArguments, throwawayOptions } from './throwawayServer';
import type { Executor } from './types';

/** Lines that say why a server gave up. */
const fatal = /\b(?:FATAL|PANIC): {2}/;
/** What this machine lacks says nothing about the backup. */
const ofThisMachine =
  /could not (?:load library|access file|open (?:configuration|extension)|map anonymous|create shared)/;

/**
 * Replays the WAL with nobody let in: `postgres --single` ends with a clean shutdown, so that pages can be checked at rest
 * afterwards. https://www.postgresql.org/docs/current/app-postgres.html
 */
export const recoverCopy: Executor<RecoverCopyStep> = async (step, context) => {
  const { folder, data, build, role, artifact, title } = step;
  const { notes, signal, progress } = context;
  const { times } = notes.rehearsed;
  times.copyMs = Math.round(context.elapsed());
  const options = await throwawayOptions(folder);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(join(folder, 'hba.conf'), 'local all all trust\n', { mode: 0o644 });
    if (options.user)
      for (const path of [folder, dirname(data)]) await chown(path, options.user.uid, options.user.gid);
  } catch (error) {
    throw explainFileError(error, folder);
  }
  context.touched();
  progress(null, title);
  const said: string[] = [];
  const args = ['--single', '-D', data, ...settingArguments(copySettings(folder, data, build)), 'template1'];
  const server = await startProcess(join(build.folder, 'postgres'), args, {
    ...options,
    stdin: Readable.from([`create role ${quoteIdent(role)} superuser login\n`]),
    signal,
    onLine: (_stream, line) => {
      said.push(line);
      context.log('info', line, 'postgres');
      const redo = /^LOG: {2}redo in progress.*current LSN: (\S+)/.exec(line);
      if (redo) progress(null, redo[1]!);
    },
  });
  noteProcess(context, 'postgres', server);
  const { exitCode } = await server.done;
  throwIfCancelled(signal);
  times.recoveryMs = Math.round(context.elapsed()) - times.copyMs;
  const why = said.filter((line) => fatal.test(line) || /^ERROR: {2}/.test(line));
  if (exitCode === 0 && why.length === 0) return;
  const error = new RestorePointError({
    code: 'rehearsal.notRecovered',
    what: l10n.t('The restored cluster could not be recovered.'),
    why: (why.length ? why : said).slice(-5).join('\n'),
    next: l10n.t('Read the log: it has all that the server said.'),
    remedies: [{ do: 'showLog' }],
  });
  if (!ofThisMachine.test(error.why)) await keepFailure(artifact, context, error);
  throw error;
};
