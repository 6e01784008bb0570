import * as l10n from '@vscode/l10n';
import { planBack } from '../../engine/restore';
import { parse, theOne } from '../args';
import type { Verb } from '../io';
import { pointContext, pointOptions, pointsOf, pointUsage } from '../points/options';
import { runPointPlan } from '../points/run';
import { openSession } from '../session';

const usage = `restore-point back: goes back to a restore point

Usage: restore-point back POINT --on CONNECTION [--move] [--end-sessions] …

POINT is what \`restore-point points\` lists. The database as it is now becomes a restore point itself.

  --move              the point becomes the database: takes a second at any size, and the point is used up;
                      else it is copied first and stays
  --end-sessions      end the sessions on the database
${pointUsage}
  --json              {"undo": what restore-point undo takes, "database", "durationMs"}
`;

export const verb: Verb = {
  usage,
  async run(args, io) {
    const { values, positionals } = parse({
      args,
      allowPositionals: true,
      options: { ...pointOptions, move: { type: 'boolean' } },
    });
    const point = theOne(positionals, l10n.t('back takes one restore point.'));
    const session = await openSession(io, values.on);
    try {
      const context = await pointContext(io, session, values);
      const request = { point, keep: !values.move, endSessions: values['end-sessions'] ?? false };
      const plan = await planBack(request, await pointsOf(context), context);
      return await runPointPlan(io, plan, session, values);
    } finally {
      await session.access.close();
    }
  },
};
