import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { openAccess, withClient } from '../../connections';
import { readClusterState } from '../../pgdata/restoring';
import { connectionTo, sideFacts, type SideFacts } from './facts';
import { readReplay } from './replay';

/** `stopped`: no server runs on it. `replaying`: on its way, or it lets nobody in yet. `paused`: it waits at its target. `promoted`: it was opened for writing. */
export type SidePhase = 'stopped' | 'replaying' | 'paused' | 'promoted';

/** How a recovered cluster stands. */
export interface SideStatus extends SideFacts {
  directory: string;
  running: boolean;
  phase: SidePhase;
  /** It was opened for writing, whether or not it runs. */
  promoted: boolean;
  /** How far it has replayed; the time is that of the last transaction. Of one that is stopped, the place it must reach again. */
  replayed: { lsn: string | null; time: string | null };
}

/**
 * Looks at a cluster that a recovery of ours made: its files, and where it runs its server. Throws `recovery.notOurs`, and what the
 * file system throws.
 */
export async function sideStatus(
  directory: string,
  { signal }: { signal?: AbortSignal } = {},
): Promise<SideStatus> {
  const folder = resolve(directory);
  const known = await sideFacts(folder);
  const { server, control } = await readClusterState(folder);
  // The server takes it away when it is opened.
  const waits = await stat(join(folder, 'recovery.signal')).catch(() => null);
  const status: SideStatus = {
    ...known,
    directory: folder,
    running: server !== null,
    phase: server !== null ? 'replaying' : 'stopped',
    promoted: waits === null,
    replayed: { lsn: control.minRecovery === '0/0' ? null : control.minRecovery, time: null },
  };
  if (server === null || !(await letsIn(folder))) return status;
  const access = await openAccess(connectionTo(known), signal ? { signal } : {});
  try {
    const replay = await withClient(access, 'postgres', readReplay, signal ? { signal } : {});
    const { recovering, paused, lsn, time } = replay;
    return {
      ...status,
      phase: !recovering ? 'promoted' : paused ? 'paused' : 'replaying',
      promoted: !recovering,
      replayed: { lsn, time },
    };
  } finally {
    await access.close();
  }
}

/** By the last line of `postmaster.pid` (utils/pidfile.h). */
async function letsIn(folder: string): Promise<boolean> {
  const lines = (await readFile(join(folder, 'postmaster.pid'), 'latin1').catch(() => '')).split('\n');
  return ['ready', 'standby'].includes(lines[7]?.trim() ?? '');
}
