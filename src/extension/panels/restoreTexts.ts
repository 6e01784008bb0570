import * as vscode from 'vscode';
import type { RestoreTexts } from '../../shared/restorePage';
import { livePlanTexts } from './planPanel';

/** Every text of the restore page, in the editor's language. */
export function restoreTexts(): RestoreTexts {
  return {
    ...livePlanTexts(vscode.l10n.t('Looking at the backup and the server…')),
    restore: vscode.l10n.t('Restore'),
    rehearse: vscode.l10n.t('Rehearse First'),
    compare: vscode.l10n.t('What Would This Change?'),
    showCommands: vscode.l10n.t('Show Commands'),
    hideCommands: vscode.l10n.t('Hide Commands'),
    where: vscode.l10n.t('Where to'),
    connection: vscode.l10n.t('Connection'),
    database: vscode.l10n.t('Database'),
    how: vscode.l10n.t('How'),
    strategies: {
      new: {
        label: vscode.l10n.t('Into a new database'),
        detail: vscode.l10n.t('Nothing that exists is touched.'),
      },
      replace: {
        label: vscode.l10n.t('Replace a database, keep the old one'),
        detail: vscode.l10n.t('Restored beside it, checked, then swapped. Undo takes seconds.'),
      },
      'in-place': {
        label: vscode.l10n.t('In place, into a database that is there'),
        detail: vscode.l10n.t('A copy of it is kept first.'),
      },
    },
    what: vscode.l10n.t('What'),
    everything: vscode.l10n.t('Everything in the backup'),
    onlyTicked: vscode.l10n.t('Only what is ticked ({0})'),
    tick: vscode.l10n.t('Choose in the Contents…'),
    rows: vscode.l10n.t('With its rows'),
    needed: vscode.l10n.t('With what it needs and the target lacks'),
    existing: vscode.l10n.t('Where objects of these names exist:'),
    existings: {
      add: vscode.l10n.t('Leave them, add what is missing'),
      replace: vscode.l10n.t('Replace them; what depends on them stays'),
      beside: vscode.l10n.t('Restore tables beside them, as name_restored'),
    },
    options: vscode.l10n.t('Options'),
    noOwner: vscode.l10n.t('Without owners: all belongs to the role that restores'),
    noPrivileges: vscode.l10n.t('Without privileges'),
    tolerant: vscode.l10n.t('Go on after errors; what could be restored is kept'),
    definitionsOnly: vscode.l10n.t('Definitions only, no rows'),
    checkFirst: vscode.l10n.t('Check it as a rehearsal does before the names are swapped'),
    safety: vscode.l10n.t('Kept first'),
    safeties: {
      auto: vscode.l10n.t('A copy, the cheapest that is possible'),
      clone: vscode.l10n.t('A clone on the server'),
      dump: vscode.l10n.t('A dump'),
      none: vscode.l10n.t('Nothing'),
    },
    otherNames: vscode.l10n.t('Under other names:'),
    kinds: {
      schemas: vscode.l10n.t('Schema'),
      owners: vscode.l10n.t('Owner'),
      tablespaces: vscode.l10n.t('Tablespace'),
    },
    newName: vscode.l10n.t('New name'),
    addName: vscode.l10n.t('Add'),
    remove: vscode.l10n.t('Take Back'),
    settled: vscode.l10n.t('Settled'),
    createRoles: vscode.l10n.t('Roles are created: {0}'),
    endSessions: vscode.l10n.t('Sessions on the database are ended'),
    withoutExtensions: vscode.l10n.t('Without the extensions {0}'),
    ignoreRoom: vscode.l10n.t('Whatever room there is on the disk'),
    noConnection: vscode.l10n.t('There is no connection yet: add one in the Connections view.'),
  };
}
