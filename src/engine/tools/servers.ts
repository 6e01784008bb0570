import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ClientBuild } from './types';

/** Builds that have the server's programs beside the clients', and can run here. */
export function serverBuilds(builds: readonly ClientBuild[]): ClientBuild[] {
  if (process.platform === 'win32') return [];
  return builds.filter(
    ({ folder, prefix }) =>
      !prefix?.length && ['initdb', 'postgres'].every((program) => existsSync(join(folder, program))),
  );
}

/** The server for a dump of some major release: the same, else the nearest newer one, else the newest. */
export function chooseServer(builds: readonly ClientBuild[], major: number | null): ClientBuild | undefined {
  const ordered = serverBuilds(builds).sort((a, b) => a.version.num - b.version.num);
  if (major === null) return ordered.at(-1);
  return (
    ordered.findLast(({ version }) => version.major === major) ??
    ordered.find(({ version }) => version.major > major) ??
    ordered.at(-1)
  );
}
