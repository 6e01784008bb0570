import { watch, type FSWatcher } from 'node:fs';
import { resolve } from 'node:path';
import { foldersBelow } from './tree';

const SETTLE_MS = 200;
/** How often it is looked whether folders appeared or went; the only way where watching does not work. */
const LOOK_MS = 2000;
/** Folders watched at most: the system's watches are shared with everybody. */
const MOST = 2000;

/**
 * Calls `onChange` (once per burst) when something at or below the folders appears, changes or goes.
 * The folders may appear later. Each folder has a watch of its own: Node's recursive one on Linux takes
 * one for every file, and reads the tree in one long turn.
 */
export function watchArtifacts(folders: string[], onChange: () => void): { dispose(): void } {
  const watchers = new Map<string, FSWatcher>();
  let settle: NodeJS.Timeout | undefined;
  let disposed = false;

  const changed = (): void => {
    clearTimeout(settle);
    // New folders are watched before anybody looks, so that nothing falls between.
    if (!disposed) settle = setTimeout(() => void follow().then(() => disposed || onChange()), SETTLE_MS);
  };
  const unwatch = (folder: string): void => {
    watchers.get(folder)?.close();
    watchers.delete(folder);
  };
  const start = (folder: string): void => {
    try {
      const watcher = watch(folder, { persistent: false }, changed);
      watcher.on('error', () => unwatch(folder));
      watchers.set(folder, watcher);
    } catch {
      // Gone again, or not to be watched here.
    }
  };
  /** Watches the folders there are now; true when they are others than before. */
  const follow = async (): Promise<boolean> => {
    const present = new Set<string>();
    for (const folder of folders)
      for (const found of await foldersBelow(resolve(folder)).catch(() => [])) present.add(found);
    if (disposed) return false;
    let different = false;
    for (const folder of [...watchers.keys()])
      if (!present.has(folder)) {
        unwatch(folder);
        different = true;
      }
    for (const folder of present)
      if (!watchers.has(folder) && watchers.size < MOST) {
        start(folder);
        different ||= watchers.has(folder);
      }
    return different;
  };

  void follow();
  const timer = setInterval(() => void follow().then((different) => different && changed()), LOOK_MS);
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
