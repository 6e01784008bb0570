import * as l10n from '@vscode/l10n';
import type { RestorePoint } from '../../engine/points';
import { parse, UsageError } from '../args';
import { exitCodes, type Verb } from '../io';
import { bytesText, note, printable, printResult, table } from '../output';
import { pointContext, pointOptions, pointsOf, reasonText } from '../points/options';
import { openSession } from '../session';

const usage = `restore-point points: the restore points of a server, newest first

Usage: restore-point points [DATABASE] --on CONNECTION [--folder FOLDER]… [--json]

  --on CONNECTION     URI, key=value, service, or a stored connection; no password in it
  --folder FOLDER     where dumps that are restore points are (default: where backups go)
  --json              {"points": [{id, of, kind, reason, createdAt, bytes, note, git: {branch, commit} | null}]}
`;

export const verb: Verb = {
  usage,
  async run(args, io) {
    const { values, positionals } = parse({ args, allowPositionals: true, options: pointOptions });
    const [database, ...more] = positionals;
    if (more.length) throw new UsageError(l10n.t('points takes one database.'));
    const session = await openSession(io, values.on);
    try {
      const all = await pointsOf(await pointContext(io, session, values));
      const points = all.filter(({ of }) => database === undefined || of === database);
      printResult(io, { points }, table(points.map(line), [2]));
      if (!points.length && !io.json) note(io, l10n.t('No restore points.'));
      return exitCodes.done;
    } finally {
      await session.access.close();
    }
  },
};

function line(point: RestorePoint): string[] {
  const words = {
    manual: '',
    restore: l10n.t('before a restore'),
    back: l10n.t('before going back'),
  };
  return [
    point.createdAt.slice(0, 16).replace('T', ' '),
    printable(point.of),
    bytesText(point.bytes),
    reasonText(point, words),
    printable(point.id),
  ];
}
