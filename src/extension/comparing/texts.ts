import * as vscode from 'vscode';
import type { Aspect } from '../../engine/compare';
import type { CompareTexts } from '../../shared/comparePage';

/** What of an object differs. */
export function aspectTexts(): Record<Aspect, string> {
  return {
    definition: vscode.l10n.t('definition'),
    columns: vscode.l10n.t('columns'),
    owner: vscode.l10n.t('owner'),
    privileges: vscode.l10n.t('privileges'),
    comment: vscode.l10n.t('comment'),
    labels: vscode.l10n.t('security labels'),
    tablespace: vscode.l10n.t('tablespace'),
    accessMethod: vscode.l10n.t('access method'),
    secret: vscode.l10n.t('a secret, which is not shown'),
  };
}

/** Every text of the comparison page, in the editor's language. */
export function compareTexts(): CompareTexts {
  return {
    title: vscode.l10n.t('Comparison'),
    equal: vscode.l10n.t('Nothing differs.'),
    differs: vscode.l10n.t('{0} objects and {1} rows in {2} of {3} tables differ.'),
    again: vscode.l10n.t('Compare Again'),
    more: vscode.l10n.t('{0} More'),
    chooseKey: vscode.l10n.t('Choose a Key…'),
    running: vscode.l10n.t('It goes on when this page or the window is closed.'),
    cancel: vscode.l10n.t('Cancel'),
    summary: vscode.l10n.t('Summary'),
    objects: vscode.l10n.t('Objects ({0})'),
    rowsOf: vscode.l10n.t('Rows of {0}'),
    views: vscode.l10n.t('Views of the comparison'),
    changes: {
      added: vscode.l10n.t('added'),
      removed: vscode.l10n.t('removed'),
      changed: vscode.l10n.t('changed'),
    },
    aspects: aspectTexts(),
    states: {
      same: vscode.l10n.t('same'),
      different: vscode.l10n.t('different'),
      leftOnly: vscode.l10n.t('removed'),
      rightOnly: vscode.l10n.t('added'),
      notCompared: vscode.l10n.t('not compared'),
    },
    table: vscode.l10n.t('Table'),
    whatDiffers: vscode.l10n.t('What differs'),
    sameRows: vscode.l10n.t('Same'),
    tablesThatDiffer: vscode.l10n.t('Rows that differ'),
    sameTables: vscode.l10n.t('{0} tables have the same rows'),
    sameObjects: vscode.l10n.t('{0} objects are the same'),
    objectsThatDiffer: vscode.l10n.t('Objects that differ'),
    sequences: vscode.l10n.t('Values of sequences'),
    largeObjects: vscode.l10n.t('Large objects'),
    faults: vscode.l10n.t('What could not be read'),
    spelling: vscode.l10n.t('{0} objects differ in spelling only'),
    rowsNotAsked: vscode.l10n.t('Rows were not compared.'),
    openDifference: vscode.l10n.t('Open Difference'),
    openAll: vscode.l10n.t('Open All Changes'),
    filter: vscode.l10n.t('Filter'),
    all: vscode.l10n.t('all'),
    find: vscode.l10n.t('Find in values'),
    everyColumn: vscode.l10n.t('every column'),
    inLine: vscode.l10n.t('In Line'),
    sideBySide: vscode.l10n.t('One Above the Other'),
    previous: vscode.l10n.t('Previous Difference (Shift+F7)'),
    next: vscode.l10n.t('Next Difference (F7)'),
    place: vscode.l10n.t('{0} of {1}'),
    noneFits: vscode.l10n.t('No difference fits.'),
    tick: vscode.l10n.t('Tick this difference'),
    tickAll: vscode.l10n.t('Tick all that fit'),
    ticked: vscode.l10n.t('{0} ticked'),
    takeBack: vscode.l10n.t('Take Back…'),
    takeOver: vscode.l10n.t('Take Over…'),
    takeBackHint: vscode.l10n.t('SQL that makes "{1}" what it was in "{0}", to be read before it runs'),
    takeOverHint: vscode.l10n.t('SQL that makes "{0}" what it is in "{1}", to be read before it runs'),
    export: vscode.l10n.t('Export…'),
    loading: vscode.l10n.t('Loading…'),
    nullValue: 'NULL',
    cut: vscode.l10n.t('{0} characters'),
    key: vscode.l10n.t('key'),
    onLeft: vscode.l10n.t('on the left only'),
    onRight: vscode.l10n.t('on the right only'),
  };
}
