import { watch, type FSWatcher } from 'node:fs';
import { stat } from 'node:fs/promises';

const SETTLE_MS = 200;
/** How often folders that are not there yet, or cannot be watched, are looked at. */
const LOOK_MS = 2000;

/**
 * Calls `onChange` (once per burst) when something at or below the folders appears, changes or goes.
 * Folders may appear later. What cannot be watched (some network file systems) is looked at now and then.
 */
export function watchArtifacts(folders: string[], onChange: () => void): { dispose(): void } {
  const watchers = new Map<string, FSWatcher>();
  const times = new Map<string, number | null>();
  let settle: NodeJS.Timeout | undefined;
  let disposed = false;
  const changed = (): void => {
    clearTimeout(settle);
    if (!disposed) settle = setTimeout(onChange, SETTLE_MS);
  };
  const unwatch = (folder: string): void => {
    watchers.get(folder)?.close();
    watchers.delete(folder);
  };
  const start = (folder: string): void => {
    try {
      const watcher = watch(folder, { recursive: true, persistent: false }, changed);
      watcher.on('error', () => unwatch(folder));
      watchers.set(folder, watcher);
    } catch {
      // Not there yet, or not to be watched here: looked at instead.
    }
  };
  const look = async (): Promise<void> => {
    for (const folder of folders) {
      const time = await stat(folder).then(
        ({ mtimeMs }) => mtimeMs,
        () => null,
      );
      if (disposed) return;
      const before = times.get(folder);
      times.set(folder, time);
      if (time === null) unwatch(folder);
      else if (!watchers.has(folder)) start(folder);
      if (before !== undefined && before !== time) changed();
    }
  };
  for (const folder of folders) start(folder);
  void look();
  const timer = setInterval(() => void look(), LOOK_MS);
  timer.unref();
  return {
    dispose() {
      disposed = true;
      clearInterval(timer);
      clearTimeout(settle);
      for (const folder of [...watchers.keys()]) unwatch(folder);
    },
  };
}
