import * as l10n from '@vscode/l10n';
import { RestorePointError } from '../../errors';
import { formatLsn, parseLsn } from './lsn';

/** A line of a timeline's history: the timeline it came through, and where that one was left. */
export interface HistoryEntry {
  timeline: number;
  /** The first byte that is not of `timeline` any more. */
  lsn: string;
  /** Why, in the server's words; empty where none are there. */
  reason: string;
}

/** A history of many promotions has some kilobytes. */
export const MOST_HISTORY_BYTES = 1024 * 1024;

/**
 * Reads `NNNNNNNN.history` (`readTimeLineHistory` in timeline.c of PostgreSQL): lines of a timeline, a tabulator or blanks,
 * a place in the WAL, and a reason; empty lines and those that begin with # are read over.
 *
 * @returns the timelines it came through, the oldest first
 * @throws `wal.history`
 */
export function parseHistory(timeline: number, text: string): HistoryEntry[] {
  const entries: HistoryEntry[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (/^\s*(#|$)/.test(line)) continue;
    const parts = /^\s*(\d{1,10})\s+([0-9A-Fa-f]{1,8}\/[0-9A-Fa-f]{1,8})(?:\s+(.*))?$/.exec(line);
    if (!parts) throw wrong(timeline, l10n.t('Line {0} has no timeline and place.', index + 1));
    const entry = {
      timeline: Number(parts[1]),
      lsn: formatLsn(parseLsn(parts[2]!)),
      reason: parts[3]?.trim() ?? '',
    };
    if (entry.timeline <= (entries.at(-1)?.timeline ?? 0))
      throw wrong(timeline, l10n.t('Line {0}: timelines must follow each other upwards.', index + 1));
    entries.push(entry);
  }
  if ((entries.at(-1)?.timeline ?? 0) >= timeline)
    throw wrong(timeline, l10n.t('It names a timeline that is not older than itself.'));
  return entries;
}

function wrong(timeline: number, why: string): RestorePointError {
  return new RestorePointError({
    code: 'wal.history',
    what: l10n.t('The history of timeline {0} cannot be read.', timeline),
    why,
    next: l10n.t('Copy the file again from the server’s pg_wal folder or from where it came from.'),
  });
}
