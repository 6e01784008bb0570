import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { readWalArchive } from './archive';
import { WalFolder } from './folder';
import type { SegmentHeader } from './header';
import { isSegmentSize } from './segments';
import { ownFile, putFile } from './store';

/** Which cluster an archive is of. */
export interface ArchiveIdentity {
  /** Decimal. */
  systemIdentifier: string;
  segmentBytes: number;
}

const FILE = 'archive.json';

/** What an archive says of itself; null where it does not, or what it says cannot be read. */
export function knownIdentity(archive: string): ArchiveIdentity | null {
  try {
    const { systemIdentifier, segmentBytes } = JSON.parse(
      readFileSync(ownFile(archive, FILE), 'utf8'),
    ) as Record<string, unknown>;
    return typeof systemIdentifier === 'string' &&
      /^\d{1,20}$/.test(systemIdentifier) &&
      typeof segmentBytes === 'number' &&
      isSegmentSize(segmentBytes)
      ? { systemIdentifier, segmentBytes }
      : null;
  } catch {
    return null;
  }
}

/**
 * Which cluster an archive is of: as it was noted, else by the segments in it, else that of the segment that comes first. What
 * is found is noted, so that the next segment costs no look at a folder of a hundred thousand.
 */
export async function identityFor(archive: string, header: SegmentHeader): Promise<ArchiveIdentity> {
  const known = knownIdentity(archive);
  if (known) return known;
  const found = await readWalArchive(new WalFolder(archive));
  const identity = {
    systemIdentifier: found.systemIdentifier ?? header.systemIdentifier,
    segmentBytes: found.systemIdentifier === null ? header.segmentBytes : found.segmentBytes,
  };
  const { systemIdentifier, segmentBytes } = identity;
  const text = `${JSON.stringify({ systemIdentifier, segmentBytes })}\n`;
  const path = ownFile(archive, FILE);
  // Another first segment may have been faster; what cannot be read is written anew the next time.
  if ((await putFile(archive, path, [Buffer.from(text)])) !== null) return identity;
  const noted = knownIdentity(archive);
  if (!noted) await rm(path, { force: true });
  return noted ?? identity;
}
