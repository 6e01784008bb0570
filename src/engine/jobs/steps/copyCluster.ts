import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as l10n from '@vscode/l10n';
import { partialPath } from '../../artifacts';
import { CancelledError, RestorePointError } from '../../errors';
import { explainFileError } from '../../fileFailure';
import {
  copyCluster as copyFiles,
  copyWalAtRest,
  linkedTablespaces,
  ManifestWriter,
  readClusterState,
  sourceBytes,
  tablespacesBeside,
  versionFolder as versionFolderOf,
  walAtRest,
  type ClusterState,
  type CopiedTablespace,
} from '../../pgdata/restoring';
import type { CopyClusterStep } from '../../plan';
import type { Executor } from './types';

/** Files of a cluster that is shut down; whether it still is comes last. */
export const copyCluster: Executor<CopyClusterStep> = async ({ directory, title }, context) => {
  const { job, signal, notes, progress, log } = context;
  const { artifact } = job.plan;
  if (!artifact) throw new Error('The plan copies a cluster into no backup.');
  const folder = partialPath(artifact.path);
  try {
    const state = await readClusterState(directory);
    if (!state.atRest) throw notAtRest(directory, state);
    const { control, major } = state;
    const range = await walAtRest(directory, control);
    const spaces = placesFor(await linkedTablespaces(directory), artifact.path);
    const versionFolder = versionFolderOf(major, control);
    const total = await sourceBytes(directory, spaces, { online: false, versionFolder, signal });
    notes.source = {
      server: directory,
      serverVersion: (await readFile(join(directory, 'PG_VERSION'), 'latin1')).trim(),
      systemIdentifier: control.systemIdentifier,
      lsn: range.start,
    };
    let done = 0;
    await mkdir(dirname(folder), { recursive: true, mode: 0o700 });
    await mkdir(folder, { mode: 0o700 });
    const manifest = await ManifestWriter.create(
      join(folder, 'backup_manifest'),
      control.systemIdentifier,
      major,
    );
    try {
      await copyFiles(directory, folder, spaces, {
        ...{ manifest, versionFolder, online: false, signal },
        onBytes: (bytes) => progress(Math.min(1, (done += bytes) / (total || 1)), title, done),
        onSkipped: (path) => log('warning', skipped(path), 'copy'),
      });
      await copyWalAtRest(directory, folder, range, control);
      const now = await readClusterState(directory);
      if (!now.atRest || now.control.checkpoint !== control.checkpoint) throw started(directory);
      await manifest.finish([range]);
    } finally {
      await manifest.close();
    }
  } catch (error) {
    throw signal.aborted ? new CancelledError() : explainFileError(error, folder);
  }
};

export function skipped(path: string): string {
  return l10n.t('Not copied, because it is neither a file nor a folder: {0}', path);
}

/** Where the tablespaces of a plain backup go, while it is made. */
function placesFor(spaces: { oid: number; location: string }[], path: string): CopiedTablespace[] {
  const beside = partialPath(tablespacesBeside(path));
  return spaces.map(({ oid, location }) => ({ oid, from: location, to: join(beside, String(oid)) }));
}

function notAtRest(directory: string, { server, control }: ClusterState): RestorePointError {
  return new RestorePointError({
    code: 'offline.notAtRest',
    what: l10n.t(
      'The cluster in "{0}" is not shut down: a copy of its files would be worth nothing.',
      directory,
    ),
    why:
      server === null
        ? l10n.t('Its control file says: {0}.', control.state)
        : l10n.t('Its server runs (process {0}).', server),
    next: l10n.t(
      'Stop it with pg_ctl stop, or give --stop; of a running server --method basebackup makes a backup.',
    ),
  });
}

function started(directory: string): RestorePointError {
  return new RestorePointError({
    code: 'offline.started',
    what: l10n.t('The cluster was started while it was copied: the copy is worth nothing, and was removed.'),
    why: l10n.t('"{0}" is not at the checkpoint any more that it was shut down at.', directory),
    next: l10n.t(
      'See that nothing starts it meanwhile, stop it, and run the backup again; or use --method basebackup.',
    ),
    remedies: [{ do: 'retry' }],
  });
}
