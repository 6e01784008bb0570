import * as vscode from 'vscode';
import type { WalEvent } from '../../engine/physical';
import type { EventLine } from '../../shared/recoverPage';
import { engine } from '../engine';
import { count, oneLine } from '../format';

/** An event of the WAL in a line. */
export async function eventLine(event: WalEvent): Promise<EventLine> {
  const { effectText } = await engine();
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
            ...(
              await Promise.all(effects.slice(0, shown).map((effect) => effectText(effect, { brief: true })))
            ).map(oneLine),
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
