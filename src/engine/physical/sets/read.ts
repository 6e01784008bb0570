import { dirname } from 'node:path';
import * as l10n from '@vscode/l10n';
import { inspectArtifact } from '../../artifacts';
import { RestorePointError } from '../../errors';
import { chainOf } from './chains';
import { files, setOf } from './files';
import type { BackupSet, Chain, SetKeeper } from './types';

/** Every kind of place that base backups are kept in: one file each, one line here. */
export const keepers: readonly SetKeeper[] = [files];

/** The base backups in places, newest first. */
export async function readSets(
  places: string[],
  options: { signal?: AbortSignal } = {},
): Promise<BackupSet[]> {
  const found = await Promise.all(keepers.map((keeper) => keeper.read(places, options)));
  const byPlace = new Map(found.flat().map((set) => [set.where, set]));
  return [...byPlace.values()].sort((a, b) => b.startedAt.localeCompare(a.startedAt));
}

/** One base backup with those beside it. Throws `artifact.noBaseBackup`, and what the file system throws. */
export async function readSetAt(
  path: string,
  { signal, places = [] }: { signal?: AbortSignal; places?: string[] } = {},
): Promise<{ set: BackupSet; sets: BackupSet[] }> {
  const set = await setOf(await inspectArtifact(path), signal);
  if (!set)
    throw new RestorePointError({
      code: 'artifact.noBaseBackup',
      what: l10n.t('"{0}" is no base backup.', path),
      why: '',
      next: l10n.t('Choose a base backup, or see restore-point list.'),
    });
  const beside = await readSets([dirname(set.where), ...places], { signal });
  return { set, sets: [set, ...beside.filter(({ where }) => where !== set.where)] };
}

/** What a base backup needs, whole. Throws `basebackup.brokenChain` when a parent is not there. */
export async function wholeChain(
  path: string,
  options: { signal?: AbortSignal; places?: string[] } = {},
): Promise<Chain> {
  const { set, sets } = await readSetAt(path, options);
  const chain = chainOf(set, sets);
  if (chain.missing !== null) throw brokenChain(chain);
  return chain;
}

export function brokenChain({ set, members, missing }: Chain): RestorePointError {
  const child = members[0] ?? set;
  return new RestorePointError({
    code: 'basebackup.brokenChain',
    what: l10n.t('"{0}" cannot be restored: a backup that it needs is missing.', set.where),
    why: l10n.t(
      '"{0}" was taken against the backup {1}, which is not in the folder.',
      child.where,
      missing ?? '',
    ),
    next: l10n.t('Put the missing backup beside it, or choose a full one.'),
  });
}
