import * as l10n from '@vscode/l10n';
import { planUndo } from '../../engine/restore';
import { parse, theOne } from '../args';
import type { Verb } from '../io';
import { pointContext, pointOptions, pointsOf, pointUsage } from '../points/options';
import { runPointPlan } from '../points/run';
import { openSession } from '../session';

const usage = `restore-point undo: takes a restore back

Usage: restore-point undo DATABASE|POINT --on CONNECTION [--end-sessions] …

The database of before the last restore (or the named point) gets its name back. What is there now is kept
in its place, so that an undo can be undone. It takes about a second at any size, from a dump as long as a restore.

  --end-sessions      end the sessions on the database
${pointUsage}
  --json              {"undo": what takes this back, "database", "durationMs"}
`;

export const verb: Verb = {
  usage,
  async run(args, io) {
    const { values, positionals } = parse({ args, allowPositionals: true, options: pointOptions });
    const point = theOne(positionals, l10n.t('undo takes one database or restore point.'));
    const session = await openSession(io, values.on);
    try {
      const context = await pointContext(io, session, values);
      const request = { point, endSessions: values['end-sessions'] ?? false };
      const plan = await planUndo(request, await pointsOf(context), context);
      return await runPointPlan(io, plan, session, values);
    } finally {
      await session.access.close();
    }
  },
};
