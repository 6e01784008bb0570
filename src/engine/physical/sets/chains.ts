import type { BackupSet, Chain } from './types';

/** No chain is longer; a circle of parents (files made to do harm) ends here. */
const longest = 1000;

/**
 * What each backup needs, by the ids of parents. Where two backups have the same id (a synthetic full one, and the
 * incremental one it was made up to), the full one is taken: it needs nothing else.
 */
export function chainOf(set: BackupSet, sets: readonly BackupSet[]): Chain {
  const members = [set];
  for (let { parent } = set; parent !== null;) {
    const next = parentOf(members[0]!, parent, sets);
    if (!next || members.includes(next) || members.length >= longest)
      return { set, members, missing: parent };
    members.unshift(next);
    ({ parent } = next);
  }
  return { set, members, missing: null };
}

export function chainsOf(sets: readonly BackupSet[]): Chain[] {
  return sets.map((set) => chainOf(set, sets));
}

function parentOf(child: BackupSet, id: string, sets: readonly BackupSet[]): BackupSet | undefined {
  const found = sets.filter((set) => set.id === id && set !== child);
  return found.find(({ level }) => level === 'full') ?? found[0];
}

/** Backups that could not be restored any more without these: whoever removes these has to remove those first. */
export function brokenWithout(going: readonly BackupSet[], sets: readonly BackupSet[]): BackupSet[] {
  const left = sets.filter((set) => !going.some(({ where }) => where === set.where));
  return left.filter((set) => {
    // What is broken already is not broken by this.
    if (chainOf(set, sets).missing !== null) return false;
    return chainOf(set, left).missing !== null;
  });
}

/** Backups that were taken directly against this one. */
export function childrenOf(set: BackupSet, sets: readonly BackupSet[]): BackupSet[] {
  return sets.filter((other) => other.parent === set.id && other.where !== set.where);
}
