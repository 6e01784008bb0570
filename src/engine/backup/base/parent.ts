import { join } from 'node:path';
import * as l10n from '@vscode/l10n';
import { RestorePointError } from '../../errors';
import { readEnds } from '../../pgdata/restoring';
import { chainOf, readSetAt, readSets, type BackupSet } from '../../physical';
import type { Warning } from '../../plan';
import type { BaseBackupRequest, PlanContext } from '../types';
import type { BaseServer } from './server';

/** The backup that another one is taken against. */
export interface Parent {
  set: BackupSet;
  /** Path of its `backup_manifest`, which the server is sent. */
  manifest: string;
  warnings: Warning[];
}

/**
 * The parent that was named, else the one that fits. Throws `basebackup.noParent`; what is wrong with the one that was
 * named comes as warnings that block.
 */
export async function chooseParent(
  { level = 'full', parent }: BaseBackupRequest,
  server: BaseServer,
  { folder, signal }: PlanContext,
): Promise<Parent | null> {
  if (level === 'full') return null;
  const found =
    parent === undefined
      ? newest(await readSets([folder], { signal }), server, level)
      : await readSetAt(parent, { signal, places: [folder] });
  if (!found)
    throw new RestorePointError({
      code: 'basebackup.noParent',
      what: l10n.t('There is no backup that an incremental one could be taken against.'),
      why: l10n.t('In "{0}" is no whole base backup of this cluster.', folder),
      next: l10n.t('Make a full backup first, or name another with --parent.'),
    });
  const { set } = found;
  const manifest = join(set.where, 'backup_manifest');
  return { set, manifest, warnings: await faultsOf(set, found.sets, manifest, server, level) };
}

function newest(
  sets: BackupSet[],
  { systemIdentifier }: BaseServer,
  level: string,
): { set: BackupSet; sets: BackupSet[] } | null {
  const set = sets.find(
    (one) =>
      one.systemIdentifier === systemIdentifier &&
      one.evidence?.ok !== false &&
      (level === 'incremental' || one.level === 'full') &&
      chainOf(one, sets).missing === null,
  );
  return set ? { set, sets } : null;
}

async function faultsOf(
  set: BackupSet,
  sets: BackupSet[],
  manifest: string,
  { systemIdentifier }: BaseServer,
  level: string,
): Promise<Warning[]> {
  const faults: Warning[] = [];
  const fault = (code: string, text: string): void =>
    void faults.push({ code: `basebackup.${code}`, text, blocks: true });
  if (systemIdentifier !== null && set.systemIdentifier !== null && set.systemIdentifier !== systemIdentifier)
    fault(
      'otherCluster',
      l10n.t(
        '"{0}" is a backup of another cluster: system identifier {1}, and this server has {2}. Choose a backup of this server as the parent.',
        set.where,
        set.systemIdentifier,
        systemIdentifier,
      ),
    );
  const ends = await readEnds(manifest);
  if (!ends)
    fault(
      'parentManifest',
      l10n.t(
        '"{0}" has no backup_manifest, and the server needs that of the parent. Make a full backup.',
        set.where,
      ),
    );
  const { missing } = chainOf(set, sets);
  if (missing !== null)
    fault(
      'parentBroken',
      l10n.t(
        '"{0}" itself needs the backup {1}, which is not there. Make a full backup.',
        set.where,
        missing,
      ),
    );
  if (level === 'differential' && set.level !== 'full')
    fault(
      'parentNotFull',
      l10n.t(
        '"{0}" is no full backup, which a differential one is taken against. Choose a full one, or make an incremental backup.',
        set.where,
      ),
    );
  if (set.evidence?.ok === false)
    fault(
      'parentDamaged',
      l10n.t(
        '"{0}" is damaged: what is taken against it could not be restored. Make a full backup.',
        set.where,
      ),
    );
  return faults;
}
