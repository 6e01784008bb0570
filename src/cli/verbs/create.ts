import * as l10n from '@vscode/l10n';
import { planCreatePoint } from '../../engine/restore';
import { oneOf, parse, theOne } from '../args';
import type { Verb } from '../io';
import { pointContext, pointOptions, pointUsage } from '../points/options';
import { runPointPlan } from '../points/run';
import { openSession } from '../session';

const usage = `restore-point create: keeps a database as it is now, to go back to

Usage: restore-point create DATABASE --on CONNECTION [--note TEXT] [--how clone|dump] [--end-sessions] …

  --note TEXT         kept with it; the git branch and commit of this folder are kept too
  --how clone         a copy on the server: fast, but it needs the database for itself
  --how dump          a dump in the folder for backups; default: a clone where one can be made
  --end-sessions      end the sessions on the database for a clone
${pointUsage}
  --json              {"undo": what restore-point back takes, "database", "how", "durationMs"}
`;

export const verb: Verb = {
  usage,
  async run(args, io) {
    const { values, positionals } = parse({
      args,
      allowPositionals: true,
      options: { ...pointOptions, note: { type: 'string' }, how: { type: 'string' } },
    });
    const database = theOne(positionals, l10n.t('create takes one database.'));
    const how = values.how === undefined ? 'auto' : oneOf('how', values.how, ['clone', 'dump']);
    const session = await openSession(io, values.on);
    try {
      const context = await pointContext(io, session, values);
      const plan = await planCreatePoint(
        { database, how, note: values.note ?? '', endSessions: values['end-sessions'] ?? false },
        context,
      );
      return await runPointPlan(io, plan, session, values);
    } finally {
      await session.access.close();
    }
  },
};
