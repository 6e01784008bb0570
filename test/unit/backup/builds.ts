import type { ClientBuild, Compression } from '../../../src/engine/tools/types';

/** A client build that exists on paper only. */
export function fakeBuild(
  major: number,
  compression: Compression[] = ['none', 'gzip', 'lz4', 'zstd'],
): ClientBuild {
  return {
    folder: `/opt/pg${major}/bin`,
    version: { num: major * 10_000, major, minor: 0, text: `${major}.0` },
    tools: ['pg_dump', 'pg_dumpall', 'pg_restore', 'psql'],
    compression: major < 16 ? compression.filter((c) => c === 'none' || c === 'gzip') : compression,
    origin: 'system',
  };
}
