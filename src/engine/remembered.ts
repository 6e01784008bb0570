import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, realpath, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { home, type Home } from './home';

/** Of one kind, facts about this many files are kept; the longest unused go first. */
const KEPT = 1000;

interface Remembered {
  path: string;
  identity: string;
  facts: unknown;
}

/**
 * Facts that were expensive to find about a file or folder, kept until it changes: by real path, size, time
 * and inode (of a directory dump: of its table of contents). In the state folder, one small JSON file each.
 *
 * @param kind what is kept, a folder's name: `receipts`, `positions`
 * @returns null when nothing is known, or the file changed since
 */
export async function recall<T>(
  kind: string,
  path: string,
  where: Pick<Home, 'state'> = home(),
): Promise<T | null> {
  try {
    const { file, identity } = await placeOf(kind, path, where);
    const kept = JSON.parse(await readFile(file, 'utf8')) as Remembered;
    if (kept.identity !== identity) return null;
    const now = new Date();
    await utimes(file, now, now).catch(() => {});
    return kept.facts as T;
  } catch {
    return null;
  }
}

/** Keeps facts for `recall`. Never fails: what cannot be kept is found again. */
export async function remember(
  kind: string,
  path: string,
  facts: unknown,
  where: Pick<Home, 'state'> = home(),
): Promise<void> {
  try {
    const { folder, file, identity } = await placeOf(kind, path, where);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const draft = `${file}.${randomBytes(4).toString('hex')}.tmp`;
    const kept: Remembered = { path, identity, facts };
    try {
      await writeFile(draft, JSON.stringify(kept), { mode: 0o600 });
      await rename(draft, file);
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
    await prune(folder);
  } catch {
    // A read-only home, a full disk: nothing is lost but time.
  }
}

/** The file where facts about a path are kept: to watch it. Throws when the path is gone. */
export async function rememberedFile(
  kind: string,
  path: string,
  where: Pick<Home, 'state'> = home(),
): Promise<string> {
  return (await placeOf(kind, path, where)).file;
}

async function placeOf(
  kind: string,
  path: string,
  { state }: Pick<Home, 'state'>,
): Promise<{ folder: string; file: string; identity: string }> {
  const real = await realpath(path);
  const own = await stat(real);
  // A folder's own time does not change when its files do.
  const { size, mtimeMs, ino } = own.isDirectory() ? await stat(join(real, 'toc.dat')).catch(() => own) : own;
  const folder = join(state, 'remembered', kind);
  const name = createHash('sha256').update(real).digest('hex').slice(0, 40);
  return { folder, file: join(folder, `${name}.json`), identity: `${size}:${mtimeMs}:${ino}` };
}

async function prune(folder: string): Promise<void> {
  const names = await readdir(folder);
  if (names.length <= KEPT) return;
  const aged = await Promise.all(
    names.map(async (name) => {
      const file = join(folder, name);
      return { file, used: (await stat(file).catch(() => null))?.mtimeMs ?? 0 };
    }),
  );
  aged.sort((a, b) => a.used - b.used);
  // Some room at once, so that not every new file looks at all of them.
  for (const { file } of aged.slice(0, aged.length - KEPT * 0.9)) await rm(file, { force: true });
}
