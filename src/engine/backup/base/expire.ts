import * as l10n from '@vscode/l10n';
import { formatBytes } from '../../format';
import { expiredSets, readSets, type KeepSets } from '../../physical';
import type { Plan } from '../../plan';

/** Deletes old base backups in folders, whole chains only. Its plan is the preview: every one of them is in `destroys`. */
export async function planExpireBackups(
  folders: string[],
  keep: KeepSets,
  { now, signal }: { now: Date; signal?: AbortSignal },
): Promise<Plan> {
  const sets = await readSets(folders, { signal });
  const going = expiredSets(sets, keep, now);
  const bytes = going.reduce((sum, set) => sum + set.bytes, 0);
  return {
    version: 1,
    kind: 'restorePoint',
    title: l10n.t('Remove base backups'),
    connections: {},
    steps: going.map(({ where }) => ({
      do: 'deleteArtifact',
      title: l10n.t('Delete {0}', where),
      weight: 1,
      path: where,
    })),
    onFailure: [],
    locks: [],
    destroys: going.map(({ where, level, startedAt }) =>
      l10n.t('{0}: {1}, of {2}', where, level, startedAt.slice(0, 16).replace('T', ' ')),
    ),
    wayBack: null,
    warnings: [],
    estimate: {
      bytes: null,
      freeBytes: null,
      durationMs: null,
      basis: l10n.t('It frees {0}.', formatBytes(bytes)),
    },
    facts: { removed: going.length, freed: bytes, kept: sets.length - going.length },
  };
}
