import { baseBackupId, listArtifacts, type Artifact } from '../../artifacts';
import { isCancelled } from '../../errors';
import { readBaseFacts } from '../../pgdata/restoring';
import type { BackupSet, SetKeeper } from './types';

/** Base backups in folders: ours, and those that pg_basebackup was told by hand to make. */
export const files: SetKeeper = {
  name: 'files',
  async read(places, { signal }) {
    const found: BackupSet[] = [];
    for (const artifact of await listArtifacts(places, { signal }))
      try {
        const set = await setOf(artifact, signal);
        if (set) found.push(set);
      } catch (error) {
        // Its contents say what is wrong with it.
        if (isCancelled(error)) throw error;
      }
    return found;
  },
};

/** An artifact as a set; null for what is no base backup. Throws `pgdata.unreadable`. */
export async function setOf(artifact: Artifact, signal?: AbortSignal): Promise<BackupSet | null> {
  const { path, recognised, manifest, partial, bytes, createdAt, evidence } = artifact;
  if (recognised.kind !== 'basebackup' || partial) return null;
  const common = { where: path, keeper: files.name, bytes, startedAt: createdAt, evidence };
  if (manifest?.base) {
    const { id, level, parent, timeline, startLsn, stopLsn, label } = manifest.base;
    const { serverVersion, systemIdentifier } = manifest.source;
    const major = Number.parseInt(serverVersion, 10) || null;
    return {
      ...common,
      stoppedAt: new Date(Date.parse(manifest.startedAt) + manifest.durationMs).toISOString(),
      id,
      level,
      parent,
      timeline,
      startLsn,
      stopLsn,
      label,
      serverVersion,
      systemIdentifier,
      major,
    };
  }
  const facts = await readBaseFacts(path, { signal });
  const { systemIdentifier, timeline, startLsn, stopLsn, label, major, incrementalFrom } = facts;
  return {
    ...common,
    stoppedAt: null,
    id: baseBackupId(facts, systemIdentifier),
    level: incrementalFrom ? 'incremental' : 'full',
    parent:
      incrementalFrom &&
      baseBackupId({ timeline: incrementalFrom.timeline, startLsn: incrementalFrom.lsn }, systemIdentifier),
    timeline,
    startLsn,
    stopLsn,
    label,
    serverVersion: major === null ? null : String(major),
    systemIdentifier,
    major,
  };
}
