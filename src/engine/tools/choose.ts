import * as l10n from '@vscode/l10n';
import { describeBuild, lacksCompression, missingTool, tooOld } from './missing';
import type { Choice, ClientBuild, Compression, RestoreChoice, ToolName, Version } from './types';
import { majorName, majorRank, shortVersion } from './versions';

/** What only some builds can do. */
export interface DumpNeed {
  /** Default `pg_dump`. */
  tool?: ToolName;
  compression?: Compression;
}

/** The facts of an archive that decide which pg_restore reads it. */
export interface ArchiveNeed {
  archiveVersion: [number, number];
  compression: Compression;
}

/**
 * The newest archive version each pg_restore reads, by its major; newest first.
 * (12 and 1.14: table access methods; 16 and 1.15: compression methods; 17 and 1.16: large objects in groups.)
 */
const archiveReaders: [major: number, minorVersion: number][] = [
  [17, 16],
  [16, 15],
  [12, 14],
  [10, 13],
  [0, 12],
];
/** The major after those whose archives are known: 18 and 19 still write what 17 reads. */
const nextMajor = 20;

/** First minor releases whose psql knows `\restrict`, with which their own and later pg_dumps begin a script. */
const restrictSince: Record<number, number> = { 13: 22, 14: 19, 15: 14, 16: 10, 17: 6 };

/**
 * The build to dump a server with: not older than the server (pg_dump refuses that), and of those the
 * nearest, its newest minor release.
 * @throws RestorePointError `tool.missing`, `tool.tooOld`, `tool.compression`
 */
export function chooseForDump(builds: ClientBuild[], server: Version, need: DumpNeed = {}): Choice {
  const { tool = 'pg_dump', compression } = need;
  const passedOver: Choice['passedOver'] = [];
  const pass = passer(passedOver);
  const serverName = majorName(server);
  const having = builds.filter(
    (build) => build.tools.includes(tool) || pass(build, l10n.t('It has no {0}.', tool)),
  );
  if (!having.length) throw missingTool(tool, serverName, builds);
  const able = having.filter(
    (build) =>
      majorRank(build.version) >= majorRank(server) ||
      pass(build, l10n.t('It is older than the server, {0}.', shortVersion(server))),
  );
  if (!able.length)
    throw tooOld(
      tool,
      serverName,
      l10n.t(
        'The server is PostgreSQL {0}, and {1} does not dump a server newer than itself.',
        shortVersion(server),
        tool,
      ),
      having,
    );
  const fitting = able.filter(
    (build) =>
      compresses(build, compression) ||
      pass(build, l10n.t('It cannot do {0} compression.', compression ?? '')),
  );
  const major = String(Math.max(16, Number(serverName)));
  if (!fitting.length) throw lacksCompression(tool, compression ?? 'none', major, able);
  const [build, ...rest] = fitting.sort(
    (a, b) => majorRank(a.version) - majorRank(b.version) || b.version.num - a.version.num,
  );
  if (!build) throw missingTool(tool, serverName, builds);
  for (const other of rest) pass(other, farther(other, build));
  const reasons = [
    majorRank(build.version) === majorRank(server)
      ? l10n.t('It is of the same major release as the server, {0}.', serverName)
      : l10n.t('It is the nearest that is not older than the server, {0}.', shortVersion(server)),
  ];
  if (compression && compression !== 'none') reasons.push(l10n.t('It can do {0} compression.', compression));
  return { build, reasons: [describe(tool, build), ...reasons], passedOver };
}

/**
 * The build to restore with. pg_restore must read the archive's version and compression; of those the
 * one of the target's major release, else the nearest older one, else the nearest newer one: pg_restore
 * emits settings of its own release (transaction_timeout from 17 on) that an older server refuses.
 * psql must know `\restrict`, if any does.
 * @param archive null for a script
 * @param wanted the one a person chose, by its key: taken where it can do it
 * @throws RestorePointError `tool.missing`, `tool.tooOld`, `tool.compression`
 */
export function chooseForRestore(
  builds: ClientBuild[],
  archive: ArchiveNeed | null,
  server: Version,
  tool: 'pg_restore' | 'psql' = 'pg_restore',
  wanted?: string,
): RestoreChoice {
  const passedOver: Choice['passedOver'] = [];
  const pass = passer(passedOver);
  const needed = archive ? readerOf(archive.archiveVersion) : 0;
  const name = String(Math.max(needed, Number(majorName(server))));
  const having = builds.filter(
    (build) => build.tools.includes(tool) || pass(build, l10n.t('It has no {0}.', tool)),
  );
  if (!having.length) throw missingTool(tool, name, builds);
  const version = archive?.archiveVersion.join('.') ?? '';
  const able = having.filter(
    (build) =>
      build.version.major >= needed ||
      pass(build, l10n.t('It cannot read archives of version {0}.', version)),
  );
  if (!able.length)
    throw tooOld(
      tool,
      String(needed),
      l10n.t('The backup is an archive of version {0}, made by pg_dump {1} or later.', version, needed),
      having,
    );
  const fitting = able.filter(
    (build) =>
      compresses(build, archive?.compression) ||
      pass(build, l10n.t('It cannot do {0} compression.', archive?.compression ?? '')),
  );
  if (!fitting.length) throw lacksCompression(tool, archive?.compression ?? 'none', name, able);
  const isWanted = (build: ClientBuild): boolean => buildKey(build) === wanted;
  const cost = (build: ClientBuild): number[] => [
    isWanted(build) ? 0 : 1,
    tool === 'psql' && !knowsRestrict(build.version) ? 1 : 0,
    majorRank(build.version) > majorRank(server) ? 1 : 0,
    Math.abs(majorRank(build.version) - majorRank(server)),
    -build.version.num,
  ];
  const [build, ...rest] = fitting.sort((a, b) => compare(cost(a), cost(b)));
  if (!build) throw missingTool(tool, name, builds);
  for (const other of rest)
    pass(
      other,
      tool === 'psql' && !knowsRestrict(other.version)
        ? l10n.t('It does not know \\restrict, with which current dumps begin.')
        : isWanted(build)
          ? l10n.t('Another one was asked for.')
          : farther(other, build),
    );
  const why = isWanted(build) ? [l10n.t('It was asked for.')] : restoreReasons(build, archive, server);
  return { build, reasons: [describe(tool, build), ...why], passedOver, others: otherMajors(build, rest) };
}

function restoreReasons(build: ClientBuild, archive: ArchiveNeed | null, server: Version): string[] {
  const name = majorName(server);
  const difference = majorRank(build.version) - majorRank(server);
  const reasons: string[] = [];
  if (archive) reasons.push(l10n.t('It reads archives of version {0}.', archive.archiveVersion.join('.')));
  if (difference === 0) reasons.push(l10n.t('It is of the same major release as the target, {0}.', name));
  else if (difference < 0)
    reasons.push(l10n.t('It is the nearest that is not newer than the target, {0}.', shortVersion(server)));
  else {
    reasons.push(l10n.t('No older one fits; it is the nearest to the target, {0}.', shortVersion(server)));
    if (archive && build.version.major >= 17 && server.major < 17)
      reasons.push(
        l10n.t('It sets transaction_timeout, which the target does not know; that message is harmless.'),
      );
  }
  return reasons;
}

/** First major release whose pg_restore reads archives of the version; 0 when any does. */
export function readerOf([, minor]: [number, number]): number {
  const readers = archiveReaders.filter(([, reads]) => reads >= minor);
  // A version that does not exist yet: only a release newer than all we know can read it.
  return readers.at(-1)?.[0] ?? nextMajor;
}

function otherMajors({ version }: ClientBuild, builds: readonly ClientBuild[]): ClientBuild[] {
  const seen = new Set([version.major]);
  return builds.filter(({ version: { major } }) => !seen.has(major) && seen.add(major));
}

/** Tells a build from all others, also in a later search. */
export function buildKey({ prefix = [], folder }: ClientBuild): string {
  return [...prefix, folder].join(' ');
}

function knowsRestrict({ major, minor }: Version): boolean {
  return major >= 18 || minor >= (restrictSince[major] ?? Infinity);
}

function compresses(build: ClientBuild, compression: Compression | undefined): boolean {
  return !compression || build.compression.includes(compression);
}

/** Notes a build as passed over; false, so that a filter drops it. */
function passer(list: Choice['passedOver']): (build: ClientBuild, reason: string) => false {
  return (build, reason) => {
    list.push({ build, reason });
    return false;
  };
}

function describe(tool: ToolName, build: ClientBuild): string {
  return l10n.t('{0} {1} is used.', tool, describeBuild(build));
}

function farther(other: ClientBuild, chosen: ClientBuild): string {
  if (majorRank(other.version) !== majorRank(chosen.version))
    return l10n.t('{0} is nearer.', shortVersion(chosen.version));
  return other.version.num === chosen.version.num
    ? l10n.t('It is the same release, found later.')
    : l10n.t('{0} is a newer minor release.', shortVersion(chosen.version));
}

function compare(a: number[], b: number[]): number {
  for (const [index, one] of a.entries()) {
    const difference = one - (b[index] ?? 0);
    if (difference) return difference;
  }
  return 0;
}
