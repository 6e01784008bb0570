import * as l10n from '@vscode/l10n';
import { planExpire } from '../../engine/restore';
import { parse, UsageError, wholeNumber } from '../args';
import { exitCodes, type Verb } from '../io';
import { printResult } from '../output';
import { pointContext, pointOptions, pointsOf, pointUsage } from '../points/options';
import { runPointPlan } from '../points/run';
import { openSession } from '../session';

const usage = `restore-point expire: removes old restore points, never the newest of a database

Usage: restore-point expire [DATABASE] --on CONNECTION [--keep N] [--days N] [--point POINT]… [--dry-run] …

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
        keep: { type: 'string' },
        days: { type: 'string' },
        point: { type: 'string', multiple: true },
      },
    });
    const [database, ...more] = positionals;
    if (more.length) throw new UsageError(l10n.t('expire takes one database.'));
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
