import { MemoryBudget } from '../memory';
import type { Toc, TocOptions } from '../toc/entries';
import type { Contents, DumpFormat, Limits, ReadOptions, WrapperName } from '../types';

/** How the table of contents of an archive is read. */
export function tocOptions({ memory }: Limits, { signal }: ReadOptions): TocOptions {
  return { signal, memory: new MemoryBudget(memory) };
}

/** The contents of an archive from its table of contents. */
export function archiveContents(
  { header, entries, faults, lost }: Toc,
  format: DumpFormat,
  wrapper: WrapperName | null,
): Contents {
  return {
    format,
    scope: 'database',
    archiveVersion: header.version,
    compression: header.compression,
    wrapper,
    source: {
      database: header.database,
      serverVersion: header.serverVersion,
      toolVersion: header.toolVersion,
    },
    createdAt: header.createdAt,
    entries,
    metaCommands: [],
    faults,
    ...(lost ? { lostEntries: lost } : {}),
  };
}
