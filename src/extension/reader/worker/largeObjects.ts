import type { Handlers } from '../../../shared/rpc';
import type { ReaderCalls } from '../contract';
import { ownBytes } from './answer';
import type { OpenedDump } from './openedDump';
import { writeWhole } from '../../../engine/writeWhole';

type LargeObjectCalls = Pick<Handlers<ReaderCalls>, 'largeObjects' | 'largeObjectHead' | 'saveLargeObject'>;

export function largeObjectHandlers(dump: OpenedDump): LargeObjectCalls {
  return {
    async largeObjects({ from, count }, signal) {
      const objects = await dump.largeObjects(signal);
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
      return { bytes: ownBytes(parts, most), whole: length <= most };
    },

    async saveLargeObject({ oid, path }, signal) {
      const archive = await dump.archive();
      await writeWhole(path, archive.largeObject(oid, { signal }));
    },
  };
}
