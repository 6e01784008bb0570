import { identify } from '../archive';
import { identifyBaseBackup, type layoutOf } from '../pgdata';
import { readManifest } from './manifest';
import type { Manifest, Recognised } from './types';

/**
 * What a file or folder is, from its content alone, never from its name. Sets and rows are known by
 * the manifest beside them. Throws only the file system's errors for the path itself.
 */
export async function recognise(path: string): Promise<Recognised> {
  const known = byManifest(await readManifest(path));
  if (known) return known;
  const base = baseBackupOf(await identifyBaseBackup(path));
  if (base) return base;
  const { kind, format, wrapper, reason } = await identify(path);
  return { kind, format, wrapper, ...(reason === undefined ? {} : { reason }) };
}

/** A folder that holds the files of a base backup, whoever made it. */
export function baseBackupOf(layout: ReturnType<typeof layoutOf>): Recognised | null {
  return layout && { kind: 'basebackup', format: `basebackup-${layout.layout}`, wrapper: null };
}

/** What only a manifest can tell, null when the content tells. */
export function byManifest(manifest: Manifest | null): Recognised | null {
  if (manifest?.method === 'set') return { kind: 'set', format: 'set', wrapper: null };
  if (manifest?.method === 'copy') return { kind: 'rows', format: manifest.format, wrapper: null };
  if (manifest?.base) return { kind: 'basebackup', format: manifest.format, wrapper: null };
  return null;
}
