import * as l10n from '@vscode/l10n';
import { RestorePointError } from '../errors';
import type { Warning } from '../plan';
import type { Target, TargetDatabase } from './target';

/** Renaming needs the database's owner with CREATEDB, or a superuser. */
export function checkMayReplace(database: string, found: TargetDatabase, target: Target): void {
  if (target.superuser) return;
  if (!found.owned)
    throw new RestorePointError({
      code: 'right.missing',
      what: l10n.t('The role {0} may not replace {1}.', target.user, database),
      why: l10n.t('Only the owner of a database may give it another name.'),
      next: l10n.t('Connect as its owner, or restore into a new database.'),
      sqlState: '42501',
      remedies: [{ do: 'editConnection' }],
    });
  if (!target.createDb)
    throw new RestorePointError({
      code: 'restore.createDb',
      what: l10n.t('The role {0} may not create databases.', target.user),
      why: l10n.t('It lacks the attribute CREATEDB, which renaming needs too.'),
      next: l10n.t('Have it granted, or restore in place.'),
      sqlState: '42501',
      remedies: [{ do: 'restoreInPlace', with: { database } }, { do: 'editConnection' }],
    });
}

/** What keeps a database from being renamed or copied, and what stays with it. */
export function inTheWay(database: string, found: TargetDatabase, endSessions: boolean): Warning[] {
  const warnings: Warning[] = [];
  const more = found.sessions > found.who.length ? ', …' : '';
  const who = found.who.map((one) => one.trim()).join(', ') + more;
  if (found.sessions && !endSessions)
    warnings.push({
      code: 'target.sessions',
      blocks: true,
      text:
        found.sessions === 1
          ? l10n.t('A session is connected to {0}, which has to be alone for a moment: {1}.', database, who)
          : l10n.t(
              '{0} sessions are connected to {1}, which has to be alone for a moment: {2}.',
              found.sessions,
              database,
              who,
            ),
      fixes: [{ id: 'endSessions', label: l10n.t('End Sessions'), set: { endSessions: true } }],
    });
  else if (found.sessions)
    warnings.push({
      code: 'target.sessionsEnd',
      text: l10n.t(
        'What is connected to {0} is ended: {1}. Who connects meanwhile waits, and comes to the new database.',
        database,
        who,
      ),
    });
  if (found.prepared)
    warnings.push({
      code: 'target.prepared',
      blocks: true,
      text: l10n.t(
        '{0} prepared transactions hold {1}: commit them or roll them back first (pg_prepared_xacts).',
        found.prepared,
        database,
      ),
    });
  if (found.slots)
    warnings.push({
      code: 'target.slots',
      text: l10n.t(
        '{0} logical replication slots belong to the old {1} and stay with it: subscribers do not see the new one.',
        found.slots,
        database,
      ),
    });
  return warnings;
}
