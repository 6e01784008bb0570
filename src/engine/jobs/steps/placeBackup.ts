import { dirname } from 'node:path';
import { mkdir } from 'node:fs/promises';
import { inspectArtifact } from '../../artifacts';
import { CancelledError } from '../../errors';
import { placeBaseBackup } from '../../pgdata/restoring';
import type { PlaceBackupStep } from '../../plan';
import { explainFileError } from '../../fileFailure';
import type { Executor } from './types';

/** A base backup becomes a data directory. */
export const placeBackup: Executor<PlaceBackupStep> = async (step, { signal, progress }) => {
  const { from, folder, tablespaces, title } = step;
  try {
    const { bytes } = await inspectArtifact(from);
    await mkdir(dirname(folder), { recursive: true, mode: 0o700 });
    let done = 0;
    await placeBaseBackup(from, folder, new Map(tablespaces.map((space) => [space.oid, space.folder])), {
      signal,
      onBytes: (count) => progress(Math.min(1, (done += count) / (bytes || 1)), title, done),
    });
  } catch (error) {
    throw signal.aborted ? new CancelledError() : explainFileError(error, folder);
  }
};
