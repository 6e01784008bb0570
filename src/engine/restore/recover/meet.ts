import { toFacts } from '../../errors';
import {
  chooseWindow,
  formatLsn,
  parseLsn,
  scanEvents,
  WalFolder,
  type RecoveryTarget,
  type RecoveryWindow,
  type TargetChoice,
  type WalEvent,
} from '../../physical';

/** A target whose place only the WAL tells. */
type Named = Extract<RecoveryTarget, { kind: 'xid' | 'name' }>;

/** Where a transaction was committed, or a name given. */
export interface Met {
  lsn: string;
  time: string;
}

/** What is read of the WAL at most while planning, and for each plan of a page: a few seconds. */
const mostBytes = 512n * 1024n * 1024n;

export function isNamed(target: RecoveryTarget): target is Named {
  return target.kind === 'xid' || target.kind === 'name';
}

/** The first place in a part of the WAL where a server would stop at a target; null where it does not come. Throws what scanning throws. */
export async function meet(
  wal: string,
  target: Named,
  { timeline, from, to }: { timeline: number; from: string; to: string },
  signal?: AbortSignal,
): Promise<Met | null> {
  const found: { met?: Met } = {};
  const enough = new AbortController();
  await scanEvents(
    new WalFolder(wal),
    { timeline, from: { lsn: from }, to: { lsn: to } },
    (event) => {
      if (found.met || !isIt(event, target)) return;
      found.met = { lsn: event.lsn, time: event.time };
      enough.abort();
    },
    { signal: signal ? AbortSignal.any([signal, enough.signal]) : enough.signal },
  ).catch((error: unknown) => {
    signal?.throwIfAborted();
    if (!found.met) throw error;
  });
  return found.met ?? null;
}

/** The WAL has the lower half of a transaction's number, and a server compares no more. */
function isIt(event: WalEvent, target: Named): boolean {
  return target.kind === 'name'
    ? event.kind === 'restorePoint' && event.name === target.name
    : event.kind === 'commit' && event.xid === lowerHalf(target.xid);
}

function lowerHalf(xid: string): string {
  return /^\d+$/.test(xid) ? String(BigInt.asUintN(32, BigInt(xid))) : xid;
}

/**
 * What a recovery begins with, and where its target was met in the WAL. Of a transaction or a name it is the newest backup behind which it
 * lies, on the newest timeline that has it: less is to be replayed from there than from the oldest. What the newest backup leads to is
 * looked through first, then what lies between it and the one before it. Where it is not found, or not within what is read at most, it is
 * what `chooseWindow` takes; what only that one leads to is not looked through. Throws what that throws.
 */
export async function windowFor(
  windows: readonly RecoveryWindow[],
  choice: TargetChoice,
  wal: string | null,
  signal?: AbortSignal,
): Promise<{ window: RecoveryWindow; met: Met | null }> {
  const { target, timeline, from } = choice;
  const otherwise = { window: chooseWindow(windows, choice), met: null };
  if (!isNamed(target) || wal === null || from !== undefined) return otherwise;
  const parts = partsOf(windows.filter((one) => timeline === undefined || one.timeline === timeline));
  if (parts.at(-1)?.window === otherwise.window) parts.pop();
  let left = mostBytes;
  for (const { window, from: first, to } of parts) {
    // Of a part that is too long its end: names are mostly asked for soon after they were given.
    const begin = to - first > left ? to - left : first;
    left -= to - begin;
    const place = { timeline: window.timeline, from: formatLsn(begin), to: formatLsn(to) };
    try {
      const met = await meet(wal, target, place, signal);
      if (met) return { window, met };
    } catch (error) {
      signal?.throwIfAborted();
      // Of a release whose records are not known.
      if (toFacts(error).code === 'events.major') return otherwise;
      throw error;
    }
    if (left <= 0n) break;
  }
  return otherwise;
}

interface Part {
  window: RecoveryWindow;
  from: bigint;
  to: bigint;
}

/** What each backup leads to before the next one has ended, the newest timeline first, on each the newest backup. */
function partsOf(windows: readonly RecoveryWindow[]): Part[] {
  const order = (a: RecoveryWindow, b: RecoveryWindow): number =>
    a.timeline - b.timeline || (parseLsn(a.from.lsn) > parseLsn(b.from.lsn) ? 1 : -1);
  const ordered = [...windows].sort((a, b) => order(b, a));
  return ordered
    .map((window, i): Part => {
      const newer = ordered[i - 1];
      const to = parseLsn(window.to.lsn);
      const next = newer?.timeline === window.timeline ? parseLsn(newer.from.lsn) : to;
      return { window, from: parseLsn(window.from.lsn), to: next < to ? next : to };
    })
    .filter(({ from, to }) => from < to);
}
