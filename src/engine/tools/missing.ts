import * as l10n from '@vscode/l10n';
import { RestorePointError, type Remedy } from '../errors';
import { installCommand, packagesHere, upstreamRepository, type Packages } from './install';
import type { ClientBuild, Compression, ToolName } from './types';
import { shortVersion } from './versions';

/** `pg_dump 15.18 in /usr/lib/postgresql/15/bin`, for sentences. */
export function describeBuild(build: ClientBuild): string {
  const version = shortVersion(build.version);
  if (build.prefix) return l10n.t('{0} through {1}', version, build.prefix.join(' '));
  return l10n.t('{0} in {1}', version, build.folder);
}

function found(builds: ClientBuild[]): string {
  return builds.length
    ? l10n.t('Found: {0}.', builds.map(describeBuild).join('; '))
    : l10n.t('None was found on this machine.');
}

function howToGet(major: string, packages: Packages): { next: string; remedies: Remedy[] } {
  const command = installCommand(major, packages);
  const repository = upstreamRepository(packages);
  const remedies: Remedy[] = [
    { do: 'installTools', with: { major, ...(command ? { command } : {}) } },
    { do: 'addToolFolder' },
  ];
  if (!command)
    return {
      next: l10n.t('Install the client programs of PostgreSQL {0}, or add the folder they are in.', major),
      remedies,
    };
  const next = repository
    ? l10n.t(
        'Install it: {0} (from {1} if your system does not have it), or add the folder it is in.',
        command,
        repository,
      )
    : l10n.t('Install it: {0}, or add the folder it is in.', command);
  return { next, remedies };
}

/** No build has the program at all. */
export function missingTool(
  tool: ToolName,
  major: string,
  builds: ClientBuild[],
  packages = packagesHere(),
): RestorePointError {
  return new RestorePointError({
    code: 'tool.missing',
    what: l10n.t('{0} was not found.', tool),
    why: builds.length ? l10n.t('The PostgreSQL programs found lack it. {0}', found(builds)) : found(builds),
    ...howToGet(major, packages),
  });
}

/** There are builds, but all are too old; `need` says what for. */
export function tooOld(
  tool: ToolName,
  major: string,
  need: string,
  builds: ClientBuild[],
  packages = packagesHere(),
): RestorePointError {
  return new RestorePointError({
    code: 'tool.tooOld',
    what: l10n.t('{0} {1} or later is needed.', tool, major),
    why: `${need} ${found(builds)}`,
    ...howToGet(major, packages),
  });
}

/** Builds fit but for the compression they were built with. */
export function lacksCompression(
  tool: ToolName,
  compression: Compression,
  major: string,
  builds: ClientBuild[],
  packages = packagesHere(),
): RestorePointError {
  return new RestorePointError({
    code: 'tool.compression',
    what: l10n.t('No {0} that fits can do {1} compression.', tool, compression),
    why: l10n.t(
      'It is a matter of how it was built, and {0} needs PostgreSQL 16 or later. {1}',
      compression,
      found(builds),
    ),
    ...howToGet(major, packages),
  });
}
