import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { MapMark, RecoveryMap } from '../../engine/physical';
import type { ClusterLine, Mark } from '../../shared/recoverPage';
import { engine } from '../engine';
import { bytes, moment, oneLine } from '../format';

/** A map, worded. `missing`: an archive that was named and is not there. */
export async function lineOf(
  map: RecoveryMap,
  { name, missing }: { name: string | null; missing: string | null },
): Promise<ClusterLine> {
  const { windowInWords } = await engine();
  const { systemIdentifier, major, archive, windows, gaps } = map;
  return {
    key: keyOf(map),
    title:
      name !== null
        ? vscode.l10n.t('Recover {0}', oneLine(name))
        : vscode.l10n.t('Recover cluster {0}', systemIdentifier ?? '?'),
    facts: [
      ...(systemIdentifier !== null && name !== null ? [vscode.l10n.t('cluster {0}', systemIdentifier)] : []),
      ...(major === null ? [] : [`PostgreSQL ${major}`]),
      ...(missing === null ? [] : [vscode.l10n.t('{0} is not there', oneLine(missing))]),
    ],
    window: await windowInWords(map, { now: new Date(), locale: vscode.env.language }),
    wal: archive,
    marks: map.marks.map(markLine),
    timelines: map.timelines.map(({ timeline, parent, bands }) => ({
      timeline,
      parent,
      label: vscode.l10n.t('WAL {0}', timeline),
      bands: bands.map(({ from, to, segments }) => ({
        ...{ from, to },
        label: vscode.l10n.t(
          'Timeline {0}: {1} segments, {2} to {3}, {4} to {5}',
          ...[timeline, segments, moment(from.time), moment(to.time), from.lsn, to.lsn],
        ),
      })),
    })),
    gaps: gaps.map(({ timeline, first, last, segments, from, to }) => ({
      ...{ timeline, from, to },
      label: [
        segments === 1
          ? vscode.l10n.t('Gap: segment {0} is missing', first)
          : vscode.l10n.t('Gap: {0} segments are missing, {1} to {2}', segments, first, last),
        ...(from.time && to.time
          ? [vscode.l10n.t('between {0} and {1}', moment(from.time), moment(to.time))]
          : []),
      ].join(', '),
    })),
    windows: windows.map(({ timeline, from, to }) => ({ timeline, from, to })),
  };
}

export function keyOf({ systemIdentifier }: Pick<RecoveryMap, 'systemIdentifier'>): string {
  return systemIdentifier ?? '';
}

function markLine({ set, missing, end }: MapMark): Mark {
  return {
    ...end,
    where: set.where,
    timeline: set.timeline,
    full: set.level === 'full',
    whole: missing === null,
    label: [
      `${levelText(set)}, ${moment(end.time)}`,
      bytes(set.bytes),
      ...(missing === null ? [] : [vscode.l10n.t('a backup that it needs is missing')]),
      basename(set.where),
    ].join(' · '),
  };
}

/** `Full backup`. */
function levelText({ level }: MapMark['set']): string {
  switch (level) {
    case 'full':
      return vscode.l10n.t('Full backup');
    case 'incremental':
      return vscode.l10n.t('Incremental backup');
    case 'differential':
      return vscode.l10n.t('Differential backup');
  }
}
