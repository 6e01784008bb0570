// npm run test:electron: the host layer in a desktop VS Code, where it can be downloaded (or is named by
// RESTORE_POINT_ELECTRON). Needs a display, or xvfb-run.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freshResults } from './lib/mocha.mjs';
import { printSum, readResults } from './lib/results.mjs';
import { end, run, runOrThrow } from './lib/run.mjs';
import { Stop, main, say } from './lib/say.mjs';
import { temporaryFolder } from './lib/temporary.mjs';
import { ensureModules } from './setup/modules.mjs';
import { underNode24 } from './setup/node.mjs';
import { ensurePostgres } from './setup/postgres.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

await main(async () => {
  await underNode24();
  process.chdir(root);
  await ensureModules(root);
  for (const major of [15, 17]) await ensurePostgres(major);
  await runOrThrow(process.execPath, ['esbuild.js']);
  const { downloadAndUnzipVSCode } = await import('@vscode/test-electron');
  const code =
    process.env.RESTORE_POINT_ELECTRON ??
    (await downloadAndUnzipVSCode().catch((error) => {
      throw new Stop(
        `The desktop VS Code cannot be downloaded here (${error.message}). npm test -- host needs none.`,
      );
    }));
  say(`host tests in ${code}`);
  try {
    process.env.TMPDIR = await temporaryFolder('rp-electron-');
    const started = performance.now();
    const results = await freshResults(root, 'electron');
    const exit = await run(process.execPath, [join(root, 'dist/test/host/runner.js'), code], {
      env: { ...process.env, RESTORE_POINT_RESULTS: results },
      timeoutMs: 20 * 60_000,
    });
    const outcome = await readResults(results, exit);
    return printSum([{ layer: 'electron', ...outcome, ms: performance.now() - started }]) ? 0 : 1;
  } finally {
    await end();
  }
});
