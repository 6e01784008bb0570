import * as l10n from '@vscode/l10n';
import type { WalArchive, WalFault, WalGap, WalTimeline } from '../../engine/physical';
import { bytesText, printable, table } from '../output';

/** Days that are shown. */
const DAYS = 14;

/** An archive for people. */
export function archiveText(archive: WalArchive): string {
  const { systemIdentifier, major, segmentBytes, segments, bytes, timelines, gaps, duplicates } = archive;
  const { foreign, days, partials } = {
    ...archive,
    partials: timelines.flatMap((timeline) => timeline.partials),
  };
  if (!timelines.length) return '';
  return [
    l10n.t('cluster {0}, PostgreSQL {1}', systemIdentifier ?? '–', major ?? '–'),
    l10n.t('{0} segments of {1}, {2} as stored', segments, bytesText(segmentBytes), bytesText(bytes)),
    ...timelines.flatMap(timelineLines),
    ...gaps.map(gapLine),
    ...duplicates.map(({ segment, files }) =>
      l10n.t('{0} is there {1} times: {2}', segment, files.length, printable(files.join(', '))),
    ),
    ...partials.map((path) => l10n.t('Not filled: {0}', printable(path))),
    ...foreign.map(({ timeline, file, systemIdentifier: other }) =>
      l10n.t('OF ANOTHER CLUSTER ({0}): timeline {1}, as {2} shows', other, timeline, printable(file)),
    ),
    table(
      days.slice(-DAYS).map((day) => [`  ${day.day}`, String(day.segments), bytesText(day.bytes)]),
      [1, 2],
    ),
  ].join('\n');
}

function timelineLines({ timeline, parent, bands }: WalTimeline): string[] {
  return [
    parent
      ? l10n.t('timeline {0}, from {1} at {2}', timeline, parent.timeline, parent.lsn)
      : l10n.t('timeline {0}', timeline),
    ...bands.map(({ from, to, first, last, segments, bytes }) =>
      l10n.t(
        '  {0} to {1}: {2} to {3}, {4} segments, {5}',
        from,
        to,
        first,
        last,
        segments,
        bytesText(bytes),
      ),
    ),
  ];
}

function gapLine({ timeline, first, last, segments, from, to }: WalGap): string {
  return segments === 1
    ? l10n.t('GAP on timeline {0}: {1} is missing ({2} to {3})', timeline, first, from, to)
    : l10n.t(
        'GAP on timeline {0}: {1} to {2} are missing, {3} segments ({4} to {5})',
        timeline,
        first,
        last,
        segments,
        from,
        to,
      );
}

/** One line for each thing that is wrong. */
export function faultLine({ file, offset, lsn, what }: WalFault): string {
  const place = [lsn, offset === null ? null : l10n.t('byte {0}', offset)].filter(Boolean).join(', ');
  return `${printable(file)}: ${what}${place ? ` (${place})` : ''}`;
}
