import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { safeName } from '../artifacts';
import { home, type Home } from '../home';

/** A job is long over by then, and may be retried before. */
const keptMs = 7 * 24 * 3_600_000;

/**
 * Keeps SQL from an editor as a file that a job can run: readable for its owner only, taken away after a week.
 *
 * @returns its path
 */
export async function keepSql(
  name: string,
  text: string,
  { where = home(), now = new Date() }: { where?: Home; now?: Date } = {},
): Promise<string> {
  const folder = join(where.state, 'sql');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const old of await readdir(folder)) {
    const path = join(folder, old);
    const age =
      now.getTime() -
      (await stat(path).then(
        ({ mtimeMs }) => mtimeMs,
        () => now.getTime(),
      ));
    if (age > keptMs) await rm(path, { force: true });
  }
  const time = now.toISOString().replaceAll(/[-:]|\.\d+Z/g, '');
  const path = join(folder, `${safeName(name)}_${time}.sql`);
  await writeFile(path, text, { mode: 0o600 });
  return path;
}
