import * as vscode from 'vscode';
import type { MapMark, RecoveryMap, TargetChoice } from '../../engine/physical';
import type { Reached, RecoverDraft } from '../../shared/recoverPage';
import { engine } from '../engine';
import { oneLine } from '../format';
import { clockText } from './sideNames';

/** Whether the target of a draft can be reached, from what, and the nearest that can when it is not. */
export async function reached(map: RecoveryMap | undefined, draft: RecoverDraft): Promise<Reached> {
  const { reachOf, readBaseFacts } = await engine();
  const reach = await reachOf(map?.windows ?? [], choiceOf(draft));
  if (reach.window === null) {
    const { error, before, after } = reach;
    const nearest: Reached['nearest'] = [];
    if (before) {
      const { set, timeline, from, to } = before.window;
      const isEnd = from.lsn === to.lsn;
      nearest.push({
        label: isEnd
          ? vscode.l10n.t('Take the End of the Backup, {0}', clockText(from.time))
          : vscode.l10n.t('Take All WAL before It, until {0}', clockText(to.time)),
        set: {
          target: { kind: isEnd ? 'immediate' : 'latest' },
          from: set.where,
          timeline,
          exclusive: false,
        },
      });
    }
    if (after) {
      const { set, timeline, from } = after.window;
      nearest.push({
        label: vscode.l10n.t('Take the End of the Backup, {0}', clockText(from.time)),
        set: { target: { kind: 'immediate' }, from: set.where, timeline, exclusive: false },
      });
    }
    return { text: null, error: { ...error, remedies: [] }, nearest, tablespaces: [] };
  }
  const mark = map!.marks.find(({ set }) => set.where === reach.window.set.where)!;
  const { tablespaces } = await readBaseFacts(mark.set.where);
  return {
    text: [
      vscode.l10n.t('from {0}', chainText(map!, mark)),
      ...((draft.target.kind === 'xid' || draft.target.kind === 'name') && draft.from === null
        ? [vscode.l10n.t('or from a newer one, where it is found in the WAL when the recovery is planned')]
        : []),
    ].join('; '),
    error: null,
    nearest: [],
    tablespaces: tablespaces.map(({ oid, location }) => ({
      oid: String(oid),
      label: oneLine(location || String(oid)),
    })),
  };
}

/** `the full backup of 09:00:12 + 2`. */
function chainText(map: RecoveryMap, { chain, end }: MapMark): string {
  const first = map.marks.find(({ set }) => set.where === chain[0])?.end ?? end;
  const text = vscode.l10n.t('the full backup of {0}', clockText(first.time));
  return chain.length > 1 ? `${text} + ${chain.length - 1}` : text;
}

export function choiceOf({ target, exclusive, timeline, from }: RecoverDraft): TargetChoice {
  return {
    ...{ target, exclusive },
    ...(timeline === null ? {} : { timeline }),
    ...(from === null ? {} : { from }),
  };
}
