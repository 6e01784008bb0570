import { createHash } from 'node:crypto';
import { existsSync, lstatSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { say } from '../lib/say.mjs';
import { runOrThrow } from '../lib/run.mjs';
import { withLock } from './cache.mjs';

/** `npm ci` when the lock file is another than the one node_modules was made from. */
export async function ensureModules(root) {
  const modules = join(root, 'node_modules');
  // A link (a second worktree's) is another checkout's to keep.
  if (existsSync(modules) && lstatSync(modules).isSymbolicLink()) return;
  const stamp = join(modules, '.restore-point-lock');
  const lock = createHash('sha256')
    .update(await readFile(join(root, 'package-lock.json')))
    .digest('hex');
  const current = async () => (await readFile(stamp, 'utf8').catch(() => '')) === lock;
  if (await current()) return;
  await withLock(join(root, '.node_modules.lock'), async () => {
    if (await current()) return;
    say('setup: npm packages (npm ci)');
    await runOrThrow('npm', ['ci', '--no-audit', '--no-fund'], { cwd: root });
    await writeFile(stamp, lock);
  });
}
