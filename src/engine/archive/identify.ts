import { look } from './find';
import { defaultLimits } from './limits';
import type { Identity, ReadOptions } from './types';

/** Decoded bytes of a compressed tar file that are looked through; `open` looks through all. */
const MOST = 32 * 1024 * 1024;

/**
 * What a file or folder is, from its content alone: reads at most its first 64 KiB, of tar and zip files also
 * where their members lie. Throws only what the file system throws for the path itself (missing, not readable).
 */
export async function identify(path: string, { signal }: ReadOptions = {}): Promise<Identity> {
  const found = await look(path, { ...defaultLimits, disk: 0 }, { signal, most: MOST });
  await found.close();
  return found.identity;
}
