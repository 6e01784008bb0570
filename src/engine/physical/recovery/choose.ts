import * as l10n from '@vscode/l10n';
import { RestorePointError, toFacts, type ErrorFacts } from '../../errors';
import { parseLsn } from '../wal';
import type { Nearest, Reach, RecoveryWindow, TargetChoice } from './types';

/** A target outside of all windows, with the nearest inside. */
class Unreachable extends RestorePointError {
  readonly nearest: Nearest;

  constructor(facts: ErrorFacts, found: Nearest) {
    super(facts);
    this.nearest = found;
  }
}

/**
 * Whether a target can be reached, and from where; else why not, and the nearest that can. Throws nothing: a target that is no
 * target is one that cannot be reached.
 */
export function reachOf(windows: readonly RecoveryWindow[], choice: TargetChoice): Reach {
  try {
    return { window: chooseWindow(windows, choice) };
  } catch (error) {
    const found = error instanceof Unreachable ? error.nearest : { before: null, after: null };
    return { window: null, error: toFacts(error), ...found };
  }
}

/**
 * The timeline to follow, the newest that leads to the target, and the backup to begin with, the newest on it: what has to be replayed is
 * least then. Throws
 * `recovery.nothing` where there is nothing to begin with, and `recovery.unreachable`, which names the nearest that can be reached.
 */
export function chooseWindow(windows: readonly RecoveryWindow[], choice: TargetChoice): RecoveryWindow {
  const { target, timeline, from } = choice;
  const own = windows.filter(
    (window) =>
      (from === undefined || window.set.where === from) &&
      (timeline === undefined || window.timeline === timeline),
  );
  if (own.length === 0) throw nothing(windows, choice);
  const byTimeline = [...own].sort((a, b) => b.timeline - a.timeline);
  switch (target.kind) {
    case 'immediate':
      return own[0]!;
    case 'latest':
      return own.reduce((best, one) => (isFurther(one, best) ? one : best));
    case 'lsn': {
      const lsn = parseLsn(target.lsn);
      const fits = byTimeline.find(
        ({ from: begin, to }) => parseLsn(begin.lsn) <= lsn && lsn < parseLsn(to.lsn),
      );
      if (fits) return fits;
      throw unreachable(target.lsn, own, (window) => [
        parseLsn(window.from.lsn) > lsn ? window.from.lsn : null,
        parseLsn(window.to.lsn) <= lsn ? window.to.lsn : null,
      ]);
    }
    case 'time': {
      const time = timeOf(target.time);
      const fits = byTimeline.find(
        ({ from: begin, to }) => Date.parse(begin.time) <= time && time <= Date.parse(to.time),
      );
      if (fits) return fits;
      throw unreachable(new Date(time).toISOString(), own, (window) => [
        Date.parse(window.from.time) > time ? window.from.time : null,
        Date.parse(window.to.time) < time ? window.to.time : null,
      ]);
    }
    // Where it lies names do not tell: the oldest backup has it before it in any case.
    case 'xid':
    case 'name': {
      const [first] = own.toReversed();
      return own.findLast((window) => window.set === first!.set && isFurther(window, first!)) ?? first!;
    }
  }
}

function isFurther(one: RecoveryWindow, other: RecoveryWindow): boolean {
  if (one.timeline !== other.timeline) return one.timeline > other.timeline;
  const [a, b] = [parseLsn(one.to.lsn), parseLsn(other.to.lsn)];
  return a > b;
}

function timeOf(text: string): number {
  const time = Date.parse(text);
  if (!Number.isNaN(time)) return time;
  throw new RestorePointError({
    code: 'recovery.time',
    what: l10n.t('"{0}" is no time.', text),
    why: '',
    next: l10n.t('Write it like 2026-11-30T14:05:00Z, or with another zone.'),
  });
}

function nothing(windows: readonly RecoveryWindow[], { timeline, from }: TargetChoice): RestorePointError {
  return new RestorePointError({
    code: 'recovery.nothing',
    what: l10n.t('There is nothing to begin a recovery with.'),
    why:
      windows.length === 0
        ? l10n.t('No backup here is whole and has the WAL to its own end, in itself or in the archive.')
        : timeline !== undefined
          ? l10n.t('No backup leads to timeline {0}.', timeline)
          : l10n.t('"{0}" is no such backup.', from ?? ''),
    next: l10n.t('See restore-point list for backups and restore-point wal list for the archive.'),
  });
}

/** The nearest that can be reached before and after a target: the end of what one window leads to, the begin of another. */
function nearest(
  windows: readonly RecoveryWindow[],
  ends: (window: RecoveryWindow) => [begin: string | null, end: string | null],
): Nearest {
  const order = (a: string, b: string): number => {
    const [left, right] = [a, b].map((text) =>
      text.includes('/') ? parseLsn(text) : BigInt(Date.parse(text)),
    );
    return left! < right! ? -1 : left! > right! ? 1 : 0;
  };
  const at = (side: 0 | 1): { window: RecoveryWindow; at: string }[] =>
    windows.flatMap((window) => {
      const end = ends(window)[side];
      return end === null ? [] : [{ window, at: end }];
    });
  return {
    before:
      at(1)
        .sort((a, b) => order(a.at, b.at))
        .at(-1) ?? null,
    after: at(0).sort((a, b) => order(a.at, b.at))[0] ?? null,
  };
}

function unreachable(
  target: string,
  windows: readonly RecoveryWindow[],
  ends: (window: RecoveryWindow) => [begin: string | null, end: string | null],
): Unreachable {
  const found = nearest(windows, ends);
  const { before, after } = found;
  const gap = before?.window.stopsAt;
  return new Unreachable(
    {
      code: 'recovery.unreachable',
      what: l10n.t('{0} cannot be reached.', target),
      why: [
        ...(gap && !after ? [l10n.t('The WAL ends there: segment {0} is missing.', gap)] : []),
        ...(gap && after ? [l10n.t('Segment {0} is missing before it.', gap)] : []),
        ...(!gap && before ? [l10n.t('The archive ends before it.')] : []),
        ...(!before && after ? [l10n.t('No backup had ended by then.')] : []),
      ].join(' '),
      next: [
        ...(before ? [l10n.t('The nearest before it is {0}.', before.at)] : []),
        ...(after ? [l10n.t('The nearest after it is {0}.', after.at)] : []),
      ].join(' '),
    },
    found,
  );
}
