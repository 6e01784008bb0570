import { createHash } from 'node:crypto';

/** NAMEDATALEN - 1, in bytes of UTF-8. */
const mostBytes = 63;

/** The database a replace restores into, before it takes the name. */
export function restoringName(database: string): string {
  return named(database, '__restoring');
}

/** A database that was put aside (`before`) or cloned (`point`), with the time: `shop__before_20261127T140205`. */
export function keptName(database: string, how: 'before' | 'point', at: Date): string {
  return named(database, `__${how}_${stamp(at)}`);
}

/** The database a rehearsal restores into and drops again. */
export function rehearsalName(database: string, at: Date): string {
  return named(database, `__rehearsal_${stamp(at)}`);
}

/** The name itself, or with the first number that makes it free. */
export function freeName(name: string, taken: { has(name: string): boolean }): string {
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? name : named(name, `_${number}`);
    if (!taken.has(candidate)) return candidate;
  }
}

/** `20261127T140205`, UTC. */
function stamp(at: Date): string {
  return at
    .toISOString()
    .replace(/\.\d+Z$/, '')
    .replace(/[-:]/g, '');
}

/** A long name is shortened, with a piece of its hash, so that two long names stay two. */
function named(database: string, suffix: string): string {
  if (Buffer.byteLength(database) + suffix.length <= mostBytes) return database + suffix;
  const hash = createHash('sha256').update(database).digest('hex').slice(0, 6);
  const room = mostBytes - suffix.length - hash.length - 1;
  let short = '';
  for (const character of database) {
    if (Buffer.byteLength(short + character) > room) break;
    short += character;
  }
  return `${short}_${hash}${suffix}`;
}
