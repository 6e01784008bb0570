import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Home } from '../home';

const defaultMaxJobs = 2;

/** How many jobs run at a time: `maxJobs` in `config/settings.json`, 2 when nothing usable is there. */
export async function maxJobs(where: Home): Promise<number> {
  try {
    const settings = JSON.parse(await readFile(join(where.config, 'settings.json'), 'utf8')) as unknown;
    const value = (settings as { maxJobs?: unknown } | null)?.maxJobs;
    return typeof value === 'number' && Number.isInteger(value) && value >= 1 ? value : defaultMaxJobs;
  } catch {
    return defaultMaxJobs;
  }
}
