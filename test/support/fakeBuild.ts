import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClientBuild, Compression, ToolName } from '../../src/engine/tools/types';
import { parseVersion } from '../../src/engine/tools/versions';

/**
 * Small scripts that answer as a build's programs do, in a new folder. They note each question in
 * `FOLDER/asked`. `lacks`: methods the build refuses, in pg_dump's own words.
 */
export async function layOutBuild(
  folder: string,
  version: string,
  options: { tools?: ToolName[]; lacks?: Compression[]; suffix?: string; broken?: string } = {},
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const {
    tools = ['pg_dump', 'pg_dumpall', 'pg_restore', 'psql'],
    lacks = [],
    suffix = '',
    broken,
  } = options;
  for (const tool of tools) {
    const refusals = lacks.map(
      (method) =>
        `--compress=${method}:*) echo "${tool}: error: invalid compression specification: ` +
        `this build does not support compression with ${method}" >&2; exit 1;;`,
    );
    const script = `#!/bin/sh
echo "$0 $*" >>'${folder}/asked'
${broken ? `echo '${broken}' >&2; exit 127` : ''}
case $1 in
--version) echo '${tool} (PostgreSQL) ${version}';;
${refusals.join('\n')}
--compress=*) echo '${tool}: error: connection to server on socket "/nonexistent/.s.PGSQL.1" failed: No such file' >&2; exit 1;;
*) exit 9;;
esac
`;
    await writeFile(join(folder, tool + suffix), script, { mode: 0o755 });
  }
}

/** A build as data, for what only reasons about builds. */
export function fakeBuild(version: string, more: Partial<ClientBuild> = {}): ClientBuild {
  const parsed = parseVersion(`pg_dump (PostgreSQL) ${version}`);
  if (!parsed) throw new Error(version);
  return {
    folder: `/pg/${version}/bin`,
    version: parsed,
    tools: ['pg_dump', 'pg_dumpall', 'pg_restore', 'psql'],
    compression: parsed.major < 16 ? ['none', 'gzip'] : ['none', 'gzip', 'lz4', 'zstd'],
    origin: 'system',
    ...more,
  };
}
