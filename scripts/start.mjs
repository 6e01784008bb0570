// npm start [-- --headless] [-- --port N]
// A throwaway PostgreSQL with a sample database and a first backup, opened in VS Code; or, headless, the
// whole main job through the command line.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runHeadless } from './lib/headless.mjs';
import { openEditor } from './lib/editor.mjs';
import { end, runOrThrow } from './lib/run.mjs';
import { main } from './lib/say.mjs';
import { makeStage } from './lib/stage.mjs';
import { temporaryFolder } from './lib/temporary.mjs';
import { ensureModules } from './setup/modules.mjs';
import { underNode24 } from './setup/node.mjs';
import { ensurePostgres } from './setup/postgres.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

await main(async () => {
  await underNode24();
  const { values } = parseArgs({ options: { headless: { type: 'boolean' }, port: { type: 'string' } } });
  process.chdir(root);
  await ensureModules(root);
  await ensurePostgres(15);
  await runOrThrow(process.execPath, ['esbuild.js']);
  // The tests' own ground, compiled.
  const require = createRequire(join(root, 'package.json'));
  try {
    const folder = await temporaryFolder('restore-point-');
    const { startCluster } = require('./dist/test/support/postgres.js');
    const stage = await makeStage(root, folder, startCluster);
    if (values.headless) return await runHeadless(stage);
    await openEditor(stage, require('./dist/test/support/vscode.js'), values.port && Number(values.port));
    return 0;
  } finally {
    await end();
  }
});
