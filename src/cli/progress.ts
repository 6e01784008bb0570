import type { Io } from './io';
import { durationText, printable } from './output';

export interface Progress {
  fraction: number | null;
  what: string;
  remainingMs: number | null;
}

/** One line that is written over on a terminal; elsewhere nothing, so that logs stay readable. */
export function progressLine(io: Io): { show(progress: Progress): void; clear(): void; end(): void } {
  const { stderr } = io;
  if (!stderr.isTTY) return { show() {}, clear() {}, end() {} };
  let shown = false;
  const clear = (): void => {
    if (shown) stderr.write('\r\u001b[K');
    shown = false;
  };
  return {
    show(progress) {
      const text = [...progressText(progress)].slice(0, (stderr.columns || 80) - 1).join('');
      stderr.write(`\r${text}\u001b[K`);
      shown = true;
    },
    clear,
    end: clear,
  };
}

/** `62 % · 41 s left · public.orders`. */
export function progressText({ fraction, what, remainingMs }: Progress): string {
  return [
    fraction === null ? '…' : `${Math.floor(fraction * 100)} %`,
    ...(remainingMs === null ? [] : [`${durationText(remainingMs)} left`]),
    printable(what),
  ].join(' · ');
}
