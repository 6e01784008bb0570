import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { formatConnection } from '../text';
import { findInCompose } from './compose';
import { findInEnv } from './envFiles';
import type { FoundConnection, FoundInFile } from './types';

export type { FoundConnection } from './types';

const envFile = /^\.env(\..+|rc)?$|^.+\.env$/;
/** Files with made-up values; they count only where a folder has no real ones. */
const exampleFile = /example|sample|template|dist$/i;
const composeFile = /^(docker-)?compose([.-].+)?\.ya?ml$/;
const overrideFile = /\.override\.ya?ml$/;
const skippedFolder =
  /^(\.git|\.hg|\.svn|\.cache|\.venv|\.tox|\.next|\.nuxt|\.yarn|node_modules|bower_components|vendor|venv|dist|build|out|target|coverage|__pycache__)$/;

/** Enough for monorepos, and bounded whatever the folder holds. */
const deepest = 3;
const mostFolders = 500;
const largestFile = 1 << 20;

/**
 * Connections that the files of a workspace's folder speak of: `.env*` files and compose files, also in
 * folders below. Nothing is stored; files that cannot be read or understood are passed over.
 */
export async function discover(
  folder: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<FoundConnection[]> {
  const found: FoundConnection[] = [];
  for (const { path, files } of await walk(folder)) {
    const inEnv: FoundConnection[] = [];
    for (const name of [...files.filter((f) => envFile.test(f))].sort(examplesLast)) {
      if (exampleFile.test(name) && inEnv.length) break;
      inEnv.push(...(await read(folder, join(path, name), findInEnv)));
    }
    found.push(...inEnv);
    for (const name of files.filter((f) => composeFile.test(f) && !overrideFile.test(f)).sort())
      found.push(
        ...(await read(folder, join(path, name), (text) => findInCompose(join(path, name), text, env))),
      );
  }
  return withoutRepeats(found);
}

/** Whether a change of this file may change what `discover` finds. */
export function isDiscoverable(file: string): boolean {
  return envFile.test(basename(file)) || composeFile.test(basename(file));
}

function examplesLast(a: string, b: string): number {
  return Number(exampleFile.test(a)) - Number(exampleFile.test(b)) || a.localeCompare(b);
}

async function read(
  root: string,
  file: string,
  find: (text: string) => Promise<FoundInFile[]>,
): Promise<FoundConnection[]> {
  try {
    const { size } = await stat(file);
    if (size > largestFile) return [];
    const label = relative(root, file).replaceAll('\\', '/');
    return (await find(await readFile(file, 'utf8'))).map((one) => ({ label, file, ...one }));
  } catch {
    return [];
  }
}

/** Folders breadth first, each with the names of its files. */
async function walk(root: string): Promise<{ path: string; files: string[] }[]> {
  const folders: { path: string; files: string[] }[] = [];
  const waiting = [{ path: root, depth: 0 }];
  for (let next = waiting.shift(); next && folders.length < mostFolders; next = waiting.shift()) {
    const { path, depth } = next;
    const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
    folders.push({ path, files: entries.filter((e) => e.isFile() || e.isSymbolicLink()).map((e) => e.name) });
    if (depth < deepest)
      for (const entry of entries)
        if (entry.isDirectory() && !skippedFolder.test(entry.name))
          waiting.push({ path: join(path, entry.name), depth: depth + 1 });
  }
  return folders;
}

/** The same place named twice (DATABASE_URL and DIRECT_URL, .env and .env.local) is offered once by kind of file. */
function withoutRepeats(found: FoundConnection[]): FoundConnection[] {
  const seen = new Set<string>();
  return found.filter(({ file, settings: { hosts, database, user } }) => {
    const key = `${composeFile.test(basename(file))} ${formatConnection({ hosts, database, user })}`;
    return !seen.has(key) && seen.add(key);
  });
}
