import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive } from '../../process-tree';

/**
 * `waits`: it runs read-only, at its target or on the way there. `open`: it runs and was opened for writing. `stopped`: no server runs
 * on it, whatever the file of the last one says. `gone`: its folder is not there.
 */
export type SideState = 'waits' | 'open' | 'stopped' | 'gone';

/** How a recovered cluster is, by its files: the server takes `recovery.signal` away when it is opened. Nothing is connected to. */
export async function sideState(directory: string): Promise<SideState> {
  const isThere = async (name: string): Promise<boolean> =>
    (await stat(join(directory, name)).catch(() => null)) !== null;
  if (!(await isThere('.'))) return 'gone';
  const text = await readFile(join(directory, 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number.parseInt(text, 10);
  if (!(pid > 0 && isAlive(pid))) return 'stopped';
  return (await isThere('recovery.signal')) ? 'waits' : 'open';
}
