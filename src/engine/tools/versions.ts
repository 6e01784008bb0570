import type { Version } from './types';

/**
 * The version in a program's `--version`: `pg_dump (PostgreSQL) 17.11 (Debian 17.11-0+deb13u1)`,
 * `psql (PostgreSQL) 19beta1`, `pg_dump (EnterpriseDB) 9.6.24`. Null when there is none.
 */
export function parseVersion(line: string): Version | null {
  const text = /^\S+ \([^)]*\) (\d.*)$/.exec(line.trim())?.[1];
  const match = text && /^(\d+)(?:\.(\d+))?(?:\.(\d+))?/.exec(text);
  if (!match) return null;
  const [first = 0, second = 0, third = 0] = match.slice(1).map((part) => Number(part ?? 0));
  // Up to 9.6 the major release was two numbers.
  return first >= 10
    ? { num: first * 10_000 + second, major: first, minor: second, text }
    : { num: first * 10_000 + second * 100 + third, major: first, minor: third, text };
}

/** A number that orders major releases, also those before 10: 17 → 1700, 9.6 → 906. */
export function majorRank(version: Version): number {
  return (
    Math.floor(version.num / (version.num >= 100_000 ? 10_000 : 100)) * (version.num >= 100_000 ? 100 : 1)
  );
}

/** `17`, `9.6`: how people name a major release. */
export function majorName(version: Version): string {
  return version.num >= 100_000
    ? String(version.major)
    : `${version.major}.${Math.floor(version.num / 100) % 100}`;
}

/** `17.11`, without the packager's words. */
export function shortVersion(version: Version): string {
  return /^[\w.]+/.exec(version.text)?.[0] ?? version.text;
}
