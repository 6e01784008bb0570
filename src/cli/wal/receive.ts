import { resolve } from 'node:path';
import * as l10n from '@vscode/l10n';
import { planReceive } from '../../engine/backup';
import { home } from '../../engine/home';
import { createJob, startRunner } from '../../engine/jobs';
import { common, parse, UsageError, wholeNumber } from '../args';
import { refuseBlocked, showDryRun } from '../before';
import { buildsFor, toolOptions } from '../builds';
import { exitCodes, type ExitCode, type Io } from '../io';
import { runHere } from '../job';
import { note, printable, printResult } from '../output';
import { openSession } from '../session';
import { oneConnection } from './server';

/** `wal receive`. */
export async function action(args: string[], io: Io): Promise<ExitCode> {
  const { values, positionals } = parse({
    args,
    allowPositionals: true,
    options: {
      ...common,
      ...toolOptions,
      connection: { type: 'string' },
      to: { type: 'string' },
      slot: { type: 'string' },
      'create-slot': { type: 'boolean' },
      'drop-slot': { type: 'boolean' },
      compress: { type: 'string' },
      synchronous: { type: 'boolean' },
      'no-sync': { type: 'boolean' },
      endpos: { type: 'string' },
      'status-interval': { type: 'string' },
      'warn-behind': { type: 'string' },
      background: { type: 'boolean' },
      'dry-run': { type: 'boolean' },
      verbose: { type: 'boolean', short: 'v' },
    },
  });
  const { to, slot, compress, synchronous, endpos } = values;
  if (to === undefined || slot === undefined)
    throw new UsageError(l10n.t('wal receive takes --to FOLDER and --slot NAME.'));
  const { access, secrets } = await openSession(io, oneConnection(positionals, values.connection));
  try {
    const plan = await planReceive(
      {
        folder: resolve(to),
        slot,
        createSlot: values['create-slot'] === true,
        dropSlot: values['drop-slot'] === true,
        options: {
          ...(compress === undefined ? {} : { compress }),
          ...(synchronous ? { synchronous } : {}),
          ...(values['no-sync'] ? { 'no-sync': true } : {}),
          ...(endpos === undefined ? {} : { endpos }),
          ...(values['status-interval'] === undefined
            ? {}
            : { 'status-interval': wholeNumber('status-interval', values['status-interval']) }),
        },
        ...(values['warn-behind'] === undefined ? {} : { mostHeld: sizeOf(values['warn-behind']) }),
      },
      { access, builds: await buildsFor(io, values), signal: io.signal },
    );
    if (values['dry-run']) {
      showDryRun(io, plan);
      return exitCodes.done;
    }
    refuseBlocked(plan, 'receive.blocked');
    for (const { text } of plan.warnings) note(io, l10n.t('Note: {0}', printable(text)));
    if (values.background) {
      const job = await createJob(plan, home(io.env));
      await startRunner(job, { cli: process.argv[1] ?? '', secrets, env: io.env });
      printResult(
        io,
        { job: job.id, folder: job.folder },
        l10n.t('Started as {0}: restore-point jobs shows it, restore-point jobs cancel {0} ends it.', job.id),
      );
      return exitCodes.done;
    }
    const result = await runHere(io, plan, secrets, { verbose: values.verbose === true });
    printResult(
      io,
      result,
      l10n.t('Received {0} segments, up to {1}.', Number(result.segments), String(result.lsn)),
    );
    return exitCodes.done;
  } finally {
    await access.close();
  }
}

/** Bytes, as the server writes sizes: 500MB, 1GB. */
function sizeOf(text: string): number {
  const [, number, unit] = /^(\d+)(B|kB|MB|GB|TB)$/.exec(text) ?? [];
  if (number === undefined)
    throw new UsageError(l10n.t('--{0} takes a size like 500MB or 1GB.', 'warn-behind'));
  return Number(number) * 1024 ** ['B', 'kB', 'MB', 'GB', 'TB'].indexOf(unit!);
}
