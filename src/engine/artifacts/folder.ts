import { randomBytes } from 'node:crypto';
import { lstat, mkdir, open, realpath, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import * as l10n from '@vscode/l10n';
import { RestorePointError } from '../errors';
import { startProcess } from '../process';
import type { Warning } from '../plan';

/**
 * Makes sure that backups can be written to a folder: creates it (for its owner only) and writes a file.
 * Throws `folder.unwritable`. Warns (`folder.git`) when it is inside a git work tree that would take the
 * backups in. `freeBytes` is null where the file system does not tell.
 */
export async function checkFolder(
  folder: string,
): Promise<{ freeBytes: number | null; warnings: Warning[] }> {
  const path = resolve(folder);
  await tryWriting(path);
  const space = await statfs(path).catch(() => null);
  const warnings: Warning[] = [];
  const tree = await gitWorkTree(path);
  if (tree && !(await isIgnored(tree, path)))
    warnings.push({
      code: 'folder.git',
      text: l10n.t(
        'The backup folder "{0}" is inside the git work tree "{1}", which does not ignore it: backups could be committed.',
        path,
        tree,
      ),
    });
  return { freeBytes: space ? space.bavail * space.bsize : null, warnings };
}

async function tryWriting(path: string): Promise<void> {
  const file = join(path, `.restore-point-${randomBytes(6).toString('hex')}.tmp`);
  try {
    await makeFolder(path);
    await (await open(file, 'wx', 0o600)).close();
  } catch (error) {
    throw new RestorePointError(
      {
        code: 'folder.unwritable',
        what: l10n.t('Backups cannot be written to "{0}".', path),
        why: (error as Error).message,
        next: l10n.t('Choose another folder, or change its permissions.'),
        remedies: [{ do: 'chooseFolder' }],
      },
      { cause: error },
    );
  } finally {
    await rm(file, { force: true }).catch(() => {});
  }
}

/**
 * Creates a folder and those above it. Node's own `recursive` never ends where the system says ENOENT
 * below a folder that is there (`/proc`), so the steps are taken here.
 */
async function makeFolder(path: string): Promise<void> {
  if (await stat(path).catch(() => null)) return;
  if (dirname(path) !== path) await makeFolder(dirname(path));
  await mkdir(path, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
}

/** The nearest folder upwards that holds `.git`, null outside of work trees. */
async function gitWorkTree(path: string): Promise<string | null> {
  for (let folder = await realpath(path); ; folder = dirname(folder)) {
    if (await lstat(join(folder, '.git')).catch(() => null)) return folder;
    if (dirname(folder) === folder) return null;
  }
}

/** Asks git whether a file in the folder would be ignored; yes when git cannot be asked: no warning without a ground. */
async function isIgnored(tree: string, path: string): Promise<boolean> {
  const probe = join(await realpath(path), 'backup.dump');
  try {
    // Nothing of the environment: GIT_DIR and the like would make git look elsewhere.
    const env = { PATH: process.env.PATH, HOME: process.env.HOME, USERPROFILE: process.env.USERPROFILE };
    const { done } = await startProcess('git', ['check-ignore', '--quiet', '--', probe], {
      cwd: tree,
      env,
    });
    return (await done).exitCode !== 1;
  } catch {
    return true;
  }
}
