import { watch, type FSWatcher } from 'node:fs';
import { CancelledError } from '../errors';

/**
 * Waits up to `ms`, or until cancelled, or until something changes in `folder`: file events are only
 * a shortcut (network file systems send none), time is what is relied on. Never throws.
 */
export async function until(ms: number, signal?: AbortSignal, folder?: string): Promise<void> {
  if (signal?.aborted) return;
  await new Promise<void>((resolve) => {
    let watcher: FSWatcher | undefined;
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      watcher?.close();
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done, { once: true });
    if (!folder) return;
    try {
      watcher = watch(folder, { persistent: false }, done);
      watcher.on('error', () => undefined);
    } catch {
      // No watching here (limit reached, folder gone): the timer does.
    }
  });
}

export function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw new CancelledError();
}
