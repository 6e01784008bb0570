import { open } from 'node:fs/promises';
import { parseLsn } from './lsn';
import type { WalRange } from './types';

export interface ManifestEnds {
  systemIdentifier: string | null;
  walRanges: WalRange[];
  /** The checksum it gives itself, not checked here. */
  checksum: string | null;
}

const headBytes = 1024;
const tailBytes = 64 * 1024;

/**
 * What stands at the two ends of a `backup_manifest`, as the server writes it, without reading the files between:
 * for lists. Null when there is none. Nothing of it is checked; `readBackupManifest` does that.
 */
export async function readEnds(path: string): Promise<ManifestEnds | null> {
  const file = await open(path, 'r').catch(() => null);
  if (!file) return null;
  try {
    const { size } = await file.stat();
    const part = async (from: number, length: number): Promise<string> => {
      const buffer = Buffer.alloc(Math.min(length, size - from));
      const { bytesRead } = await file.read(buffer, 0, buffer.length, from);
      return buffer.toString('utf8', 0, bytesRead);
    };
    const head = await part(0, headBytes);
    const tail = await part(Math.max(0, size - tailBytes), tailBytes);
    const ranges = tail.slice(Math.max(0, tail.lastIndexOf('"WAL-Ranges"')));
    return {
      systemIdentifier: /"System-Identifier": (\d{1,20})\b/.exec(head)?.[1] ?? null,
      walRanges: [...ranges.matchAll(/"Timeline": (\d{1,10}), "Start-LSN": "([^"]+)", "End-LSN": "([^"]+)"/g)]
        .map(([, timeline, start = '', end = '']) => ({ timeline: Number(timeline), start, end }))
        .filter(({ start, end }) => parseLsn(start) !== null && parseLsn(end) !== null)
        // The server lists the newest timeline first.
        .reverse(),
      checksum: /"Manifest-Checksum": "([0-9a-f]{64})"/.exec(tail)?.[1] ?? null,
    };
  } finally {
    await file.close();
  }
}
