import { salvage } from '../../../engine/archive';
import { verify } from '../../../engine/artifacts';
import { baseContents, verifyBaseBackup } from '../../../engine/physical';
import type { Handlers } from '../../../shared/rpc';
import type { ReaderCalls } from '../contract';
import type { OpenedDump } from './openedDump';

/** What reads the file from its first to its last byte; it need not be open for that. */
export function wholeFileHandlers(
  dump: OpenedDump,
): Pick<Handlers<ReaderCalls>, 'verify' | 'verifyBase' | 'baseContents' | 'salvage'> {
  return {
    verify: (level, signal) =>
      dump.during('verify', (onProgress) => verify(dump.path, level, { signal, onProgress })),

    verifyBase: ({ level, builds }, signal) =>
      dump.during('verify', (onProgress) =>
        verifyBaseBackup(dump.path, level, { signal, onProgress, builds }),
      ),

    baseContents: ({ wal }, signal) => baseContents(dump.path, { signal, ...(wal === null ? {} : { wal }) }),

    async salvage({ as, to }, signal) {
      const { files, tables, definitions, largeObjects } = await dump.during('salvage', (onProgress) =>
        salvage(dump.path, to, { as, signal, onProgress }),
      );
      const number = (wanted: string): number => tables.filter(({ state }) => state === wanted).length;
      return {
        files,
        tables: { whole: number('whole'), partial: number('partial'), lost: number('lost') },
        definitions: definitions.written,
        lostObjects: largeObjects.lost.length,
      };
    },
  };
}
