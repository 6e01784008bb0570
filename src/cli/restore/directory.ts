import { resolve } from 'node:path';
import * as l10n from '@vscode/l10n';
import { planRestoreDirectory, type DirectoryRequest } from '../../engine/restore';
import { oneOf, UsageError, wholeNumber } from '../args';
import { refuseBlocked, showDryRun } from '../before';
import { buildsFor } from '../builds';
import { exitCodes, type ExitCode, type Io } from '../io';
import { runHere } from '../job';
import { durationText, note, printable, printResult } from '../output';
import { copyWay, tablespaceMapping } from './placing';
import type { Given } from './request';

/** Options that mean something only for a base backup into a folder, beside `into-directory` itself. */
export const directoryOptions = {
  'into-directory': { type: 'string' },
  'tablespace-mapping': { type: 'string', multiple: true },
  as: { type: 'string' },
  'primary-conninfo': { type: 'string' },
  'restore-command': { type: 'string' },
  start: { type: 'boolean' },
  port: { type: 'string' },
  'socket-dir': { type: 'string' },
  'copy-method': { type: 'string' },
} as const;

/** Of the other options, those that count here, too. */
const alsoMeant = new Set(['tools', 'tool-prefix', 'dry-run', 'verbose', 'json', 'help']);

/** `restore ARTIFACT --into-directory FOLDER`: no server takes part. */
export async function restoreDirectory(io: Io, artifact: string, given: Given): Promise<ExitCode> {
  const foreign = Object.keys(given).find((name) => !(name in directoryOptions) && !alsoMeant.has(name));
  if (foreign !== undefined)
    throw new UsageError(l10n.t('--{0} does not go with --into-directory.', foreign));
  const builds = await buildsFor(io, given as { tools?: string[] });
  const plan = await planRestoreDirectory(requestOf(artifact, given), {
    builds,
    now: new Date(),
    signal: io.signal,
  });
  if (given['dry-run']) {
    showDryRun(io, plan);
    return exitCodes.done;
  }
  refuseBlocked(plan, 'restore.blocked');
  for (const { text } of plan.warnings) note(io, l10n.t('Note: {0}', printable(text)));
  const result = await runHere(io, plan, {}, { verbose: given.verbose === true });
  const { directory, port, socketFolder, durationMs } = result as Record<string, string | number | undefined>;
  printResult(
    io,
    { port: null, socketFolder: null, ...result, warnings: plan.warnings },
    [
      printable(String(directory)),
      ...(port === undefined ? [] : [l10n.t('running: psql -h {0} -p {1}', String(socketFolder), port)]),
      ...(typeof durationMs === 'number' ? [durationText(durationMs)] : []),
    ].join('\n  '),
  );
  return exitCodes.done;
}

function requestOf(artifact: string, given: Given): DirectoryRequest {
  const text = (key: keyof typeof directoryOptions): string | undefined => given[key] as string | undefined;
  if (text('port') === undefined && given.start) throw new UsageError(l10n.t('--start needs --port.'));
  return {
    artifact: resolve(artifact),
    directory: resolve(text('into-directory')!),
    tablespaces: tablespaceMapping(given['tablespace-mapping'] as string[] | undefined),
    as: oneOf('as', text('as') ?? 'primary', ['primary', 'standby'] as const),
    ...(text('primary-conninfo') === undefined ? {} : { primaryConninfo: text('primary-conninfo')! }),
    ...(text('restore-command') === undefined ? {} : { restoreCommand: text('restore-command')! }),
    ...(given.start
      ? {
          start: {
            port: wholeNumber('port', text('port')!, 1),
            ...(text('socket-dir') === undefined ? {} : { socketFolder: resolve(text('socket-dir')!) }),
          },
        }
      : {}),
    way: copyWay(text('copy-method')),
  };
}
