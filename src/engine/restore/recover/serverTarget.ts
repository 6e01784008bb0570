import * as l10n from '@vscode/l10n';
import { toFacts } from '../../errors';
import {
  formatLsn,
  parseLsn,
  scanEvents,
  timeFrom,
  WalFolder,
  type RecoveryTarget,
  type RecoveryWindow,
  type WalEvent,
} from '../../physical';

type Commit = Extract<WalEvent, { kind: 'commit' }>;

/** What a server is told, so that it ends at the state that was asked for. */
export interface ServerTarget {
  target: RecoveryTarget;
  exclusive: boolean;
  /** Why it is another one than was asked for; null when it is the same. */
  note: string | null;
}

/**
 * A server that never meets anything later than its target takes the end of the WAL for an error ("recovery ended before configured
 * recovery target was reached", xlogrecovery.c). Behind the last commit every moment is the same state: it is told that commit.
 *
 * Null: no transaction was committed in the window at all.
 */
export async function serverTarget(
  asked: { target: RecoveryTarget; exclusive: boolean },
  { from, to, timeline }: RecoveryWindow,
  wal: string | null,
  signal?: AbortSignal,
): Promise<ServerTarget | null> {
  const same = { ...asked, note: null };
  const { target } = asked;
  if (wal === null || (target.kind !== 'time' && target.kind !== 'lsn')) return same;
  const source = new WalFolder(wal);
  const isBeyond = (commit: Commit): boolean => {
    if (target.kind === 'lsn') return parseLsn(commit.lsn) >= parseLsn(target.lsn);
    const [time, wanted] = [timeFrom(commit.time)!, timeFrom(target.time) ?? Infinity];
    return asked.exclusive ? time >= wanted : time > wanted;
  };
  const [begin, end] = [parseLsn(from.lsn), parseLsn(to.lsn)];
  // From the end on: most often its last segment has what decides.
  for (let length = firstLook; ; length *= 4n) {
    const start = end - length > begin ? end - length : begin;
    const found: { last?: Commit; beyond?: true; unknown?: true } = {};
    const enough = new AbortController();
    await scanEvents(
      source,
      { timeline, from: { lsn: formatLsn(start) }, to: { lsn: to.lsn } },
      (event) => {
        if (event.kind !== 'commit') return;
        found.last = event;
        if (!isBeyond(event)) return;
        found.beyond = true;
        enough.abort();
      },
      { signal: signal ? AbortSignal.any([signal, enough.signal]) : enough.signal },
    ).catch((error: unknown) => {
      signal?.throwIfAborted();
      // Of a release whose records are not known.
      if (toFacts(error).code === 'events.major') found.unknown = true;
      else if (!found.beyond) throw error;
    });
    if (found.beyond || found.unknown) return same;
    if (found.last)
      return {
        target: { kind: 'lsn', lsn: found.last.lsn },
        exclusive: false,
        note: l10n.t(
          'The last transaction in the WAL was committed at {0}, {1}: it stops just after it.',
          found.last.lsn,
          found.last.time,
        ),
      };
    if (start === begin) return null;
  }
}

const firstLook = 16n * 1024n * 1024n;
