import { resolve } from 'node:path';
import * as l10n from '@vscode/l10n';
import { planExpireBackups } from '../../engine/backup';
import { planExpire } from '../../engine/restore';
import { parse, UsageError, wholeNumber } from '../args';
import { showDryRun } from '../before';
import { exitCodes, type ExitCode, type Io, type Verb } from '../io';
import { runHere } from '../job';
import { printable, printResult } from '../output';
import { pointContext, pointOptions, pointsOf, pointUsage } from '../points/options';
import { runPointPlan } from '../points/run';
import { openSession } from '../session';

const usage = `restore-point expire: removes old restore points, never the newest of a database

Usage: restore-point expire --base-backups FOLDER… (--keep N | --days N) [--dry-run]
       restore-point expire [DATABASE] --on CONNECTION [--keep N] [--days N] [--point POINT]… [--dry-run] …

  --base-backups FOLDER   instead: base backups there, whole chains only. --keep N full ones with all that depends on them,
                      --days N: none whose chain has nothing younger; the newest chain of a cluster always stays
  --keep N            keep the newest N of each database (default 5)
  --days N            remove what is older (default 14)
  --point POINT       remove exactly this one; may be repeated
${pointUsage}
  --json              {"removed": number, "points": …}; with --dry-run the plan, "destroys" lists what goes
`;

export const verb: Verb = {
  usage,
  async run(args, io) {
    const { values, positionals } = parse({
      args,
      allowPositionals: true,
      options: {
        ...pointOptions,
        'base-backups': { type: 'string', multiple: true },
        keep: { type: 'string' },
        days: { type: 'string' },
        point: { type: 'string', multiple: true },
      },
    });
    const [database, ...more] = positionals;
    if (more.length) throw new UsageError(l10n.t('expire takes one database.'));
    if (values['base-backups']) return await expireBackups(io, values['base-backups'], values);
    const count = wholeNumber('keep', values.keep ?? '5', 1);
    const days = wholeNumber('days', values.days ?? '14');
    const session = await openSession(io, values.on);
    try {
      const context = await pointContext(io, session, values);
      const which = values.point ? { points: values.point } : { count, days };
      const request = { ...which, ...(database === undefined ? {} : { database }) };
      const plan = await planExpire(request, await pointsOf(context), context);
      if (!plan.steps.length && !values['dry-run']) {
        printResult(io, { removed: 0 }, l10n.t('Nothing to remove.'));
        return exitCodes.done;
      }
      return await runPointPlan(io, plan, session, values);
    } finally {
      await session.access.close();
    }
  },
};

/** Base backups are of whole servers, and no server is asked. */
async function expireBackups(
  io: Io,
  folders: string[],
  values: { keep?: string; days?: string; 'dry-run'?: boolean },
): Promise<ExitCode> {
  const { keep, days } = values;
  if (keep === undefined && days === undefined)
    throw new UsageError(l10n.t('Say what is kept: --keep N, --days N, or both.'));
  const rules = {
    ...(keep === undefined ? {} : { count: wholeNumber('keep', keep, 1) }),
    ...(days === undefined ? {} : { days: wholeNumber('days', days) }),
  };
  const where = folders.map((folder) => resolve(folder));
  const plan = await planExpireBackups(where, rules, { now: new Date(), signal: io.signal });
  if (values['dry-run']) showDryRun(io, plan);
  else {
    if (plan.steps.length) await runHere(io, plan, {});
    printResult(
      io,
      { ...plan.facts },
      plan.destroys.map(printable).join('\n') || l10n.t('Nothing to remove.'),
    );
  }
  return exitCodes.done;
}
