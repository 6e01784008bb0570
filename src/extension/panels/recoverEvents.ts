import * as vscode from 'vscode';
import type { EventEffect, WalEvent } from '../../engine/physical';
import type { EventLine } from '../../shared/recoverPage';
import { count, oneLine } from '../format';

/** An event of the WAL in a line. */
export function eventLine(event: WalEvent): EventLine {
  const { lsn, time, timeline } = event;
  if (event.kind === 'restorePoint')
    return {
      ...{ time, timeline, lsn, kind: 'name', label: oneLine(event.name) },
      detail: vscode.l10n.t('named restore point'),
    };
  const { effects, more = 0, before, xid, database } = event;
  return {
    ...{ time, timeline },
    // Before its locks: a cluster that waits there lets what it took be read.
    lsn: before,
    kind: effects.length > 0 ? 'loss' : 'commit',
    label:
      effects.length === 0
        ? vscode.l10n.t('commit')
        : [
            ...effects.slice(0, shown).map(effectText),
            ...(effects.length + more > shown
              ? [vscode.l10n.t('and {0} more', count(effects.length + more - shown))]
              : []),
          ].join(', '),
    detail: [
      ...(database ? [oneLine(database.name ?? vscode.l10n.t('database {0}', database.oid))] : []),
      vscode.l10n.t('transaction {0}', xid),
    ].join(' · '),
  };
}

const shown = 3;

/** `DROP TABLE`-like, in SQL's words. */
function effectText({ kind, schema, name, oid, fileNode, rows }: EventEffect): string {
  const what =
    name !== null
      ? oneLine(schema === null || schema === 'public' ? name : `${schema}.${name}`)
      : oid !== null
        ? vscode.l10n.t('relation {0}', oid)
        : vscode.l10n.t('file {0}', fileNode ?? '?');
  switch (kind) {
    case 'drop':
      return `DROP ${what}`;
    case 'truncate':
      return `TRUNCATE ${what}`;
    case 'dropDatabase':
      return `DROP DATABASE ${what}`;
    case 'delete':
      return rows === null
        ? `DELETE FROM ${what}`
        : vscode.l10n.t('DELETE FROM {0}: {1} rows', what, count(rows));
  }
}
