import { lstat, realpath } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import * as l10n from '@vscode/l10n';
import { checkFolder, draftPath } from '../../artifacts';
import type { Format } from '../../artifacts/types';
import type { Warning } from '../../plan';
import type { FolderContext } from '../types';

/** Where a base backup goes: where it was told to, else under a dated name. */
export function pathOf(
  { path }: { path?: string },
  { folder, now }: FolderContext,
  connection: string,
  format: Format,
  scope?: string,
): string {
  return (
    path ?? draftPath(folder, { connection, database: '*', format, at: now, ...(scope ? { scope } : {}) })
  );
}

/** Whether it can be written there. Throws `folder.unwritable`; a name that is taken is a warning that blocks. */
export async function checkPlace(path: string): Promise<{ freeBytes: number | null; warnings: Warning[] }> {
  const { freeBytes, warnings } = await checkFolder(dirname(path));
  if (await lstat(path).catch(() => null))
    warnings.push({
      code: 'basebackup.exists',
      text: l10n.t(
        '"{0}" is there already, and a backup never replaces anything. Choose another name.',
        path,
      ),
      blocks: true,
    });
  return { freeBytes, warnings };
}

/** A backup inside of what it is made of would copy itself. */
export async function checkOutside(path: string, folders: string[]): Promise<Warning[]> {
  const real = async (folder: string): Promise<string> => await realpath(folder).catch(() => resolve(folder));
  const target = join(await real(dirname(path)), '.');
  for (const folder of folders) {
    const way = relative(await real(folder), target);
    if (way === '..' || way.startsWith(`..${sep}`)) continue;
    return [
      {
        code: 'basebackup.inside',
        text: l10n.t(
          'The backup would lie inside of "{0}", which it is made of. Choose another folder.',
          folder,
        ),
        blocks: true,
      },
    ];
  }
  return [];
}
