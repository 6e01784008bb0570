import * as l10n from '@vscode/l10n';
import { RestorePointError } from '../errors';
import { formatBytes } from '../format';
import type { SwapStep, Warning } from '../plan';
import { halfMadeComment } from '../points';
import { beside } from './beside';
import { checkMayReplace, inTheWay } from './inTheWay';
import { checkStep } from './checkStep';
import { intoNew } from './intoNew';
import { ownDatabase } from './script';
import { databaseBytes } from './target';
import type { FillRequest, Restoring, RestoreStrategy } from './types';

/**
 * Beside the old database, then the names are swapped: until the last step nothing of the old one is touched,
 * and afterwards it is there under another name.
 */
export const replace: RestoreStrategy = {
  name: 'replace',
  async plan(restoring) {
    const { request, source, target, context } = restoring;
    const database = request.database ?? '';
    refuseSeveral(restoring);
    const old = target.databases.get(database);
    if (!old) throw notThere(database);
    checkMayReplace(database, old, target);
    const { name, first } = beside(database, target);
    const databases = new Map(target.databases);
    databases.delete(name);
    const parts = await intoNew(
      { ...restoring, target: { ...target, databases } },
      {
        source: source as FillRequest['source'],
        database: name,
        firstStep: first.length,
        own: false,
        // Where databases are made anyway it is not named: naming it takes a right of its own.
        ...(old.tablespace === target.databases.get('template0')?.tablespace
          ? {}
          : { tablespace: old.tablespace }),
        comment: halfMadeComment(database, context.now),
      },
    );
    const bytes = await databaseBytes(context.access, database, context.signal);
    const size = bytes === null ? l10n.t('of unknown size') : formatBytes(bytes);
    return {
      ...parts,
      database,
      steps: [
        ...first,
        ...parts.steps,
        ...(request.rehearse ? [checkStep(source, name, parts.entries, request.checks)] : []),
        swapStep(restoring, database, name),
      ],
      ifItFails: l10n.t('{0} is as it was.', database),
      destroys: [],
      wayBack: l10n.t(
        'The old {0} ({1}) stays beside it under a name with the time; undo gives it its name back within seconds.',
        database,
        size,
      ),
      warnings: [...parts.warnings, ...inTheWay(database, old, request.endSessions ?? false)],
      checked: [nothingLost(database), ...(parts.checked ?? [])],
    };
  },
};

/** The last step: before it, nothing has changed. */
function swapStep({ request, context, target }: Restoring, database: string, next: string): SwapStep {
  return {
    do: 'swap',
    title: l10n.t('Give {0} its new database', database),
    weight: 1000,
    connection: 'target',
    database: target.maintenance,
    name: database,
    next,
    point: { of: database, reason: 'restore', note: '', git: context.git ?? null },
    carry: true,
    endSessions: request.endSessions ?? false,
  };
}

function nothingLost(database: string): Warning {
  return {
    code: 'replace.unharmed',
    text: l10n.t('{0} stays in use until the last step, which takes well under a second.', database),
  };
}

function refuseSeveral({ source, request }: Restoring): void {
  const { kind } = source.recognised;
  const several = kind === 'set' || kind === 'clusterScript';
  const own = kind === 'script' ? ownDatabase(source.contents!) : null;
  if (!several && own === null) {
    if (!request.tolerant) return;
    throw new RestorePointError({
      code: 'restore.options',
      what: l10n.t('A replace cannot be tolerant.'),
      why: l10n.t('It swaps only what was restored whole: every entry and every row.'),
      next: l10n.t('Restore tolerantly into a new database and look at it, or leave out tolerant.'),
    });
  }
  throw new RestorePointError({
    code: 'restore.options',
    what: l10n.t('This backup cannot replace a database by a swap.'),
    why: several
      ? l10n.t('It brings several databases under their own names.')
      : l10n.t('The script makes the database {0} by itself.', own ?? ''),
    next: l10n.t('Restore it as it is, or replace each database from a backup of its own.'),
  });
}

function notThere(database: string): RestorePointError {
  return new RestorePointError({
    code: 'restore.noDatabase',
    what: l10n.t('There is no database {0} to replace.', database),
    why: l10n.t('The strategy is to restore beside a database and to swap the names.'),
    next: l10n.t('Restore into a new database of this name instead.'),
    remedies: [{ do: 'chooseDatabase', with: { database } }],
    sqlState: '3D000',
  });
}
