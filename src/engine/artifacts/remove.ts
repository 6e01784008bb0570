import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { tablespacesBeside } from '../pgdata';
import type { Artifact } from './types';

/** Deletes a backup with its companions and its manifest; the manifest last: as long as anything is there, it is listed. */
export async function removeArtifact({ path, recognised, manifest, manifestPath }: Artifact): Promise<void> {
  const folder = dirname(path);
  // A manifest may come from anywhere: only what lies beside it is its own.
  const companions = (manifest?.files ?? [])
    .map((file) => join(folder, file.path))
    .filter((file) => dirname(file) === folder && file !== path);
  if (recognised.kind === 'basebackup') companions.push(tablespacesBeside(path));
  for (const file of [path, ...companions]) await rm(file, { recursive: true, force: true });
  if (manifestPath) await rm(manifestPath, { force: true });
}
