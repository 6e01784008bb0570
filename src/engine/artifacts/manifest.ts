import { randomBytes } from 'node:crypto';
import { chmod, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isManifest, manifestPath } from './naming';
import { syncFolder } from '../sync';
import type { Manifest } from './types';

/** Larger than any manifest of ours; a stranger's file of that name is not read into memory. */
const LARGEST = 64 * 1024 * 1024;

/** What reads a manifest's text. Most files have none, and it takes longer to load than a listing to make. */
export const loadManifestReader = (): Promise<typeof import('./manifestText')> => import('./manifestText');

/** The manifest of an artifact (or at a manifest's own path); null when there is none that can be read. */
export async function readManifest(path: string): Promise<Manifest | null> {
  try {
    const file = await open(isManifest(path) ? path : manifestPath(path), 'r');
    try {
      const facts = await file.stat();
      if (!facts.isFile() || facts.size > LARGEST) return null;
      const text = await readFile(file, 'utf8');
      const { parseManifest } = await loadManifestReader();
      return parseManifest(text);
    } finally {
      await file.close();
    }
  } catch {
    return null;
  }
}

/** Writes a manifest so that at any instant the old one or the new one is there whole; readable by its owner only. */
export async function writeManifest(path: string, manifest: Manifest): Promise<void> {
  const target = isManifest(path) ? path : manifestPath(path);
  const temporary = `${target}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(JSON.stringify(manifest, null, 2) + '\n');
      await file.sync();
    } finally {
      await file.close();
    }
    await chmod(temporary, 0o600);
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(target));
}
