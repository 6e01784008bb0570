import { existsSync } from 'node:fs';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { say } from '../lib/say.mjs';

/** The same folder as test/support/cache.ts; children are told by the variable, so that they agree. */
export function developerCache() {
  if (process.env.RESTORE_POINT_DEV_CACHE) return process.env.RESTORE_POINT_DEV_CACHE;
  if (process.getuid?.() === 0) return '/var/cache/restore-point-dev';
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'restore-point-dev');
}

/**
 * Fills a folder of the cache once: `fill` works in a temporary folder beside it, which gets the final name
 * only when complete. Parallel runs wait for each other; one that died is noticed.
 * @param {string} folder absolute final path
 * @param {(temporary: string) => Promise<void>} fill
 */
export async function fillOnce(folder, fill) {
  if (existsSync(folder)) return;
  await mkdir(dirname(folder), { recursive: true, mode: 0o755 });
  await withLock(`${folder}.lock`, async () => {
    if (existsSync(folder)) return;
    const temporary = join(dirname(folder), `.${basename(folder)}.new`);
    await rm(temporary, { recursive: true, force: true });
    await mkdir(temporary, { mode: 0o755 });
    await fill(temporary);
    await rename(temporary, folder);
  });
}

/** Runs `fn` while holding a lock file that names this process. */
export async function withLock(path, fn) {
  for (let told = false; ;) {
    try {
      const file = await open(path, 'wx');
      await file.writeFile(String(process.pid));
      await file.close();
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (await isStale(path)) await rm(path, { force: true });
    else {
      if (!told) say(`waiting for another run that is making ${path.replace(/\.lock$/, '')}`);
      told = true;
      await sleep(1000);
    }
  }
  const release = () => void rm(path, { force: true });
  process.once('exit', release);
  try {
    return await fn();
  } finally {
    process.removeListener('exit', release);
    await rm(path, { force: true });
  }
}

async function isStale(path) {
  const pid = Number(await readFile(path, 'utf8').catch(() => '0'));
  if (!pid) {
    // Just created and not yet written, or its writer died in between.
    const age = Date.now() - (await stat(path).catch(() => ({ mtimeMs: Date.now() }))).mtimeMs;
    return age > 10_000;
  }
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}
