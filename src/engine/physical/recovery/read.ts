import { resolve } from 'node:path';
import { bringsWal, readSets, type BackupSet } from '../sets';
import { readWalArchive, WalFolder, type WalArchive } from '../wal';
import { recoveryMaps } from './map';
import type { RecoveryMap } from './mapTypes';

/** Where there may be something to recover from. */
export interface RecoveryPlaces {
  /** Folders with base backups, or base backups. */
  backups: readonly string[];
  /** Folders of WAL archives. */
  wal: readonly string[];
}

export interface RecoveryGround {
  sets: BackupSet[];
  archives: WalArchive[];
  /** Whether a backup brings the WAL up to its own end. */
  ownWal(set: BackupSet): boolean;
}

/** What lies in places. Throws what reading folders throws. */
export async function readGround(
  { backups, wal }: RecoveryPlaces,
  { signal }: { signal?: AbortSignal } = {},
): Promise<RecoveryGround> {
  const sets = await readSets(
    backups.map((place) => resolve(place)),
    { signal },
  );
  const archives: WalArchive[] = [];
  for (const folder of wal) archives.push(await readWalArchive(new WalFolder(resolve(folder)), { signal }));
  const own = new Set<string>();
  for (const set of sets) if (await bringsWal(set)) own.add(set.where);
  return { sets, archives, ownWal: ({ where }) => own.has(where) };
}

/** What there is to recover from in places, a line per cluster. Throws what reading folders throws. */
export async function readRecoveryMaps(
  places: RecoveryPlaces,
  options: { signal?: AbortSignal } = {},
): Promise<RecoveryMap[]> {
  const { sets, archives, ownWal } = await readGround(places, options);
  return recoveryMaps(sets, archives, ownWal);
}
