import type { ClusterLine, Place, RecoverDraft } from '../../shared/recoverPage';

/** What a time line shows, in milliseconds. */
export interface Scale {
  from: number;
  to: number;
}

/** A line of one moment is a minute long. */
const leastMs = 60_000;
const margin = 0.03;

/** All that is on the line, with some air; null for an empty one. */
export function scaleOf(line: ClusterLine): Scale | null {
  const times = [
    ...line.marks.map(({ time }) => time),
    ...line.timelines.flatMap(({ bands }) => bands.flatMap(({ from, to }) => [from.time, to.time])),
  ].map((time) => Date.parse(time));
  if (times.length === 0) return null;
  const [from, to] = [times.reduce((a, b) => Math.min(a, b)), times.reduce((a, b) => Math.max(a, b))];
  const air = Math.max((to - from) * margin, (leastMs - (to - from)) / 2, 0);
  return { from: from - air, to: to + air };
}

/** 0 … 1 within the line, and no further. */
export function shareAt({ from, to }: Scale, time: number): number {
  return Math.max(0, Math.min(1, (time - from) / (to - from)));
}

/** The first and the last moment that can be reached. */
export function reachOf({ windows }: ClusterLine): Scale | null {
  if (windows.length === 0) return null;
  return {
    from: Math.min(...windows.map(({ from }) => Date.parse(from.time))),
    to: Math.max(...windows.map(({ to }) => Date.parse(to.time))),
  };
}

/** Where on the line a target lies; null for what is only known when it is met. */
export function timeOf(line: ClusterLine, { target, from, timeline }: RecoverDraft): number | null {
  switch (target.kind) {
    case 'time':
      return numberOr(Date.parse(target.time));
    case 'lsn':
      return timeOfLsn(line, target.lsn, timeline);
    case 'immediate': {
      const mark = line.marks.find(({ where }) => where === from) ?? line.marks.at(-1);
      return mark ? Date.parse(mark.time) : null;
    }
    case 'latest': {
      const own = line.windows.filter((window) => timeline === null || window.timeline === timeline);
      return own.length > 0 ? Math.max(...own.map(({ to }) => Date.parse(to.time))) : null;
    }
    case 'xid':
    case 'name':
      return null;
  }
}

/** Between the ends of the band it lies in, as its distance from them. */
export function timeOfLsn(line: ClusterLine, text: string, timeline: number | null): number | null {
  const at = lsnOf(text);
  if (at === null) return null;
  for (const { bands } of line.timelines
    .filter((one) => timeline === null || one.timeline === timeline)
    .toReversed())
    for (const { from, to } of bands) {
      const [begin, end] = [lsnOf(from.lsn)!, lsnOf(to.lsn)!];
      if (at < begin || at >= end) continue;
      const [early, late] = [Date.parse(from.time), Date.parse(to.time)];
      return early + (Number(at - begin) / Number(end - begin)) * (late - early);
    }
  return null;
}

function lsnOf(text: string): bigint | null {
  const [, high, low] = /^\s*([0-9a-f]{1,8})\/([0-9a-f]{1,8})\s*$/i.exec(text) ?? [];
  return high === undefined ? null : (BigInt(`0x${high}`) << 32n) | BigInt(`0x${low}`);
}

/** Where a gap or a branch lies, where that is known. */
export function placeTime(line: ClusterLine, timeline: number, { lsn, time }: Place): number | null {
  return time === null ? timeOfLsn(line, lsn, timeline) : Date.parse(time);
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const steps = [
  ...[1, 2, 5, 15, 30].map((n) => n * second),
  ...[1, 2, 5, 15, 30].map((n) => n * minute),
  ...[1, 3, 6, 12].map((n) => n * hour),
  ...[1, 2, 7, 14, 28, 91, 182, 364].map((n) => n * day),
];

/** A round step of which at most `most` fit. */
export function stepFor({ from, to }: Scale, most: number): number {
  return steps.find((step) => (to - from) / step <= most) ?? steps.at(-1)!;
}

/** Round moments, by the reader's clock. */
export function ticksOf(scale: Scale, most: number): { at: number; step: number }[] {
  const step = stepFor(scale, most);
  const zone = new Date(scale.from).getTimezoneOffset() * minute;
  const ticks = [];
  for (let at = Math.ceil((scale.from - zone) / step) * step + zone; at <= scale.to; at += step)
    ticks.push({ at, step });
  return ticks;
}

export function tickText({ at, step }: { at: number; step: number }, locale: string): string {
  const date = new Date(at);
  if (step >= day) return date.toLocaleDateString(locale, { day: 'numeric', month: 'short' });
  const midnight = date.getHours() === 0 && date.getMinutes() === 0;
  if (midnight && step >= minute) return date.toLocaleDateString(locale, { day: 'numeric', month: 'short' });
  return date.toLocaleTimeString(locale, {
    ...{ hour: '2-digit', minute: '2-digit' },
    ...(step < minute ? { second: '2-digit' } : {}),
  });
}

function numberOr(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
