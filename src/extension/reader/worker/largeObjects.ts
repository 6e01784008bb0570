import { open, rename, rm } from 'node:fs/promises';
import type { LargeObject } from '../../../engine/archive';
import type { Handlers } from '../../../shared/rpc';
import type { ReaderCalls } from '../contract';
import type { OpenedDump } from './openedDump';

type LargeObjectCalls = Pick<Handlers<ReaderCalls>, 'largeObjects' | 'largeObjectHead' | 'saveLargeObject'>;

export function largeObjectHandlers(dump: OpenedDump): LargeObjectCalls {
  let listing: Promise<LargeObject[]> | undefined;
  const list = async (signal: AbortSignal): Promise<LargeObject[]> => {
    const archive = await dump.archive();
    const objects: LargeObject[] = [];
    for await (const object of archive.largeObjects({ signal })) objects.push(object);
    return objects;
  };
  return {
    async largeObjects({ from, count }, signal) {
      // A list that was cancelled or met damage is made anew at the next call.
      listing ??= list(signal);
      const objects = await listing.catch((error: unknown) => {
        listing = undefined;
        throw error;
      });
      return { objects: objects.slice(from, from + count), total: objects.length };
    },

    async largeObjectHead({ oid, most }, signal) {
      const archive = await dump.archive();
      const parts: Buffer[] = [];
      let length = 0;
      for await (const part of archive.largeObject(oid, { signal })) {
        parts.push(part);
        length += part.length;
        if (length > most) break;
      }
      // A copy of its own, so that it can change hands.
      const bytes = new Uint8Array(Math.min(length, most));
      let at = 0;
      for (const part of parts) {
        bytes.set(part.subarray(0, bytes.length - at), at);
        at = Math.min(at + part.length, bytes.length);
      }
      return { bytes, whole: length <= most };
    },

    async saveLargeObject({ oid, path }, signal) {
      const archive = await dump.archive();
      await writeWhole(path, archive.largeObject(oid, { signal }));
    },
  };
}

/** Writes a file that appears when it is whole. */
export async function writeWhole(path: string, pieces: AsyncIterable<Uint8Array | string>): Promise<void> {
  const partial = `${path}.partial`;
  const file = await open(partial, 'w');
  try {
    for await (const piece of pieces)
      if (typeof piece === 'string') await file.write(piece);
      else await file.write(piece);
    await file.sync();
  } catch (error) {
    await file.close();
    await rm(partial, { force: true });
    throw error;
  }
  await file.close();
  await rename(partial, path);
}
