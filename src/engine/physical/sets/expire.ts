import { basename, dirname } from 'node:path';
import * as l10n from '@vscode/l10n';
import { RestorePointError } from '../../errors';
import { brokenWithout, chainOf } from './chains';
import { readSets } from './read';
import type { BackupSet } from './types';

/** What is kept of each cluster's base backups; the newest full one with all that depends on it always. */
export interface KeepSets {
  /** At most so many full backups. */
  count?: number;
  /** None whose chain has nothing younger than this. */
  days?: number;
}

const dayMs = 24 * 60 * 60 * 1000;

/**
 * Which base backups go by the rules: whole chains only, those that need others before those. What cannot be restored
 * for want of a parent is left to a person. Nothing that stays needs what goes.
 */
export function expiredSets(sets: readonly BackupSet[], { count, days }: KeepSets, now: Date): BackupSet[] {
  const going: BackupSet[] = [];
  for (const cluster of new Set(sets.map(({ systemIdentifier }) => systemIdentifier))) {
    const own = sets.filter((set) => set.systemIdentifier === cluster);
    const chains = own.map((set) => chainOf(set, sets)).filter(({ missing }) => missing === null);
    const fulls = own
      .filter(({ level }) => level === 'full')
      .sort((a, b) => b.startedAt.localeCompare(a.startedAt));
    for (const [at, full] of fulls.entries()) {
      const needing = chains.filter(({ members }) => members.includes(full)).map(({ set }) => set);
      const youngest = Math.max(...needing.map(({ startedAt }) => Date.parse(startedAt)));
      const old = days !== undefined && now.getTime() - youngest > days * dayMs;
      if (at > 0 && (old || (count !== undefined && at >= count))) going.push(...needing);
    }
  }
  // A chain may lead through backups that others take as their beginning, too.
  for (;;) {
    const broken = brokenWithout(going, sets);
    if (broken.length === 0) break;
    const needed = new Set(broken.flatMap((set) => chainOf(set, sets).members.map(({ where }) => where)));
    going.splice(0, going.length, ...going.filter(({ where }) => !needed.has(where)));
  }
  return going.sort((a, b) => b.startedAt.localeCompare(a.startedAt));
}

/** Throws `basebackup.needed` when other backups could not be restored without these. */
export async function refuseIfNeeded(paths: readonly string[], signal?: AbortSignal): Promise<void> {
  if (paths.length === 0) return;
  const sets = await readSets([...new Set(paths.map((path) => dirname(path)))], { signal });
  const broken = brokenWithout(
    sets.filter(({ where }) => paths.includes(where)),
    sets,
  );
  if (broken.length === 0) return;
  throw new RestorePointError({
    code: 'basebackup.needed',
    what: l10n.t(
      '"{0}" was not deleted: other backups need it.',
      paths.map((path) => basename(path)).join(', '),
    ),
    why: l10n.t(
      'Without it these could not be restored: {0}.',
      broken.map(({ where }) => basename(where)).join(', '),
    ),
    next: l10n.t('Delete those first, or combine the last one into a full backup of its own.'),
  });
}
