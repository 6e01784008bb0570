import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import * as l10n from '@vscode/l10n';
import { describeFault, readContents, type Contents } from '../archive';
import { inspectArtifact } from '../artifacts';
import { RestorePointError } from '../errors';
import type { RestoreRequest, Source } from './types';

/** Looks at a backup before anything else; what is no backup is refused with the reason. */
export async function lookAtSource(request: RestoreRequest, signal?: AbortSignal): Promise<Source> {
  const path = resolve(request.artifact);
  const artifact = await inspectArtifact(path).catch((error: Error) => {
    if (error instanceof RestorePointError) throw error;
    throw new RestorePointError(
      {
        code: 'artifact.notFound',
        what: l10n.t('The backup cannot be opened: {0}', nameOf(path)),
        why: error.message,
        next: l10n.t('Check the path.'),
      },
      { cause: error },
    );
  });
  const { path: found, recognised, manifest, evidence, bytes } = artifact;
  const base = {
    path: found,
    recognised,
    manifest,
    evidence,
    bytes,
    globals: globalsBeside(found, manifest),
  };
  switch (recognised.kind) {
    case 'archive':
    case 'script':
    case 'clusterScript':
      return { ...base, contents: await wholeContents(artifact.path, request, signal) };
    case 'set':
      return { ...base, contents: null };
    case 'basebackup':
      throw new RestorePointError({
        code: 'artifact.baseBackup',
        what: l10n.t('A base backup is a whole cluster: it is restored into a folder, not into a server.'),
        why: l10n.t('It holds the files of all databases.'),
        next: l10n.t('Restore it with: restore-point restore ARTIFACT --into-directory FOLDER'),
      });
    case 'rows':
      throw new RestorePointError({
        code: 'artifact.rows',
        what: l10n.t('The file holds rows of a table, not a database.'),
        why: l10n.t('It was made by copying rows out.'),
        next: l10n.t('Copy the rows into a table instead.'),
      });
    case 'broken':
      throw new RestorePointError({
        code: 'artifact.broken',
        what: l10n.t('The backup cannot be restored: {0}', nameOf(path)),
        why: recognised.reason ?? '',
        next: l10n.t('Take another backup; verifying it shows whether it is whole.'),
      });
    case 'unknown':
      throw new RestorePointError({
        code: 'artifact.unknown',
        what: l10n.t('This is no backup: {0}', nameOf(path)),
        why: recognised.reason ?? '',
        next: l10n.t('Choose a file that pg_dump or pg_dumpall made, or an SQL script.'),
      });
  }
}

/** A manifest is input: only a file beside the backup is taken. */
function globalsBeside(path: string, manifest: Source['manifest']): string | null {
  const file = manifest?.files.find(({ holds }) => holds === 'globals');
  const beside = file && join(dirname(path), basename(file.path));
  return beside && manifest?.method === 'dump' && existsSync(beside) ? beside : null;
}

/** The contents of a backup that is not cut short. psql takes a script's end for the end of its rows. */
async function wholeContents(path: string, request: RestoreRequest, signal?: AbortSignal): Promise<Contents> {
  const contents = await readContents(path, { signal });
  if (contents.inside)
    throw new RestorePointError({
      code: 'artifact.inside',
      what: l10n.t('The backup lies inside another file: {0}', nameOf(path)),
      why: l10n.t('It is {0}. The client programs cannot read it from there.', contents.inside.join(' › ')),
      next: l10n.t('Unpack the file, and restore what was in it.'),
    });
  const [fault] = contents.faults;
  if (!fault || (request.tolerant && contents.archiveVersion === null)) return contents;
  throw new RestorePointError({
    code: 'artifact.broken',
    what: l10n.t('The backup is damaged or cut short: {0}', nameOf(path)),
    why: contents.faults.map(describeFault).slice(0, 5).join('\n'),
    next:
      contents.archiveVersion === null
        ? l10n.t('Take another backup; a tolerant restore brings back what is there.')
        : l10n.t('Take another backup; verifying it shows which tables are whole.'),
  });
}

/** The file's or folder's own name. */
export function nameOf(path: string): string {
  return path.split(/[\\/]/).filter(Boolean).pop() ?? path;
}
