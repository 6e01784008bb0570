import { globSync } from 'node:fs';
import { join, resolve } from 'node:path';
import Mocha from 'mocha';

/**
 * What VS Code calls inside its extension host: runs every test/host/**.test.ts. The runner beside this
 * file (or test-electron) reads the results from the file `RESTORE_POINT_RESULTS`.
 */
export async function run(): Promise<void> {
  const root = resolve(__dirname, '../../..');
  const mocha = new Mocha({
    ui: 'bdd',
    timeout: 60_000,
    color: false,
    reporter: join(root, 'test/support/reporter.cjs'),
    ...(process.env.RESTORE_POINT_GREP ? { grep: process.env.RESTORE_POINT_GREP } : {}),
  });
  for (const path of globSync('**/*.test.js', { cwd: __dirname }).sort())
    mocha.addFile(join(__dirname, path));
  const failures = await new Promise<number>((done) => mocha.run(done));
  if (failures) throw new Error(`${failures} failed`);
}
