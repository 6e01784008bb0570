import { readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { GitState } from './points';

/**
 * Branch and commit of the work tree a folder lies in; null outside of one, and before the first commit. Reads
 * git's own files, so that no program is needed. Source: https://git-scm.com/docs/gitrepository-layout
 */
export async function gitState(folder: string): Promise<GitState | null> {
  try {
    const git = await gitFolder(resolve(folder));
    if (!git) return null;
    const head = (await readFile(join(git, 'HEAD'), 'utf8')).trim();
    const ref = /^ref: (.+)$/.exec(head)?.[1];
    if (ref === undefined) return { branch: null, commit: head };
    const commit = await commitOf(git, ref);
    return commit === null ? null : { branch: ref.replace(/^refs\/heads\//, ''), commit };
  } catch {
    return null;
  }
}

/** `.git`, or where a file of that name leads (work trees, submodules). */
async function gitFolder(from: string): Promise<string | null> {
  for (let folder = from; ; folder = dirname(folder)) {
    const path = join(folder, '.git');
    const found = await stat(path).catch(() => null);
    if (found?.isDirectory()) return path;
    const leads = found && /^gitdir: (.+)$/m.exec(await readFile(path, 'utf8'))?.[1];
    if (leads) return resolve(folder, leads);
    if (dirname(folder) === folder) return null;
  }
}

async function commitOf(git: string, ref: string): Promise<string | null> {
  const common = await readFile(join(git, 'commondir'), 'utf8').then(
    (path) => resolve(git, path.trim()),
    () => git,
  );
  for (const place of [git, common]) {
    const loose = await readFile(join(place, ref), 'utf8').catch(() => null);
    if (loose) return loose.trim();
  }
  const packed = await readFile(join(common, 'packed-refs'), 'utf8').catch(() => '');
  const line = packed.split('\n').find((one) => one.endsWith(` ${ref}`));
  return line?.split(' ')[0] ?? null;
}
