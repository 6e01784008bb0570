// npm test [-- LAYER…] [--grep TEXT] [--screenshots]
// Installs what is missing, builds, runs the layers and ends with one line: N passed, N failed, N skipped
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { endLeftovers } from './lib/leftovers.mjs';
import { printSum } from './lib/results.mjs';
import { atEnd, end, runOrThrow } from './lib/run.mjs';
import { Stop, main, say } from './lib/say.mjs';
import { temporaryFolder } from './lib/temporary.mjs';
import { defaultLayers, layers } from './layers.mjs';
import { ensureModules } from './setup/modules.mjs';
import { underNode24 } from './setup/node.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

await main(async () => {
  await underNode24();
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { grep: { type: 'string' }, screenshots: { type: 'boolean' } },
  });
  const wanted = positionals.length ? positionals : defaultLayers;
  for (const name of wanted)
    if (!layers[name])
      throw new Stop(`No such layer: ${name}. There are: ${Object.keys(layers).join(', ')}.`);
  if (values.screenshots) process.env.RESTORE_POINT_SCREENSHOTS = '1';

  process.chdir(root);
  await ensureModules(root);
  const temporary = await temporaryFolder('rp-test-');
  // What a test forgets lies in folders of ours, and what it starts can be told by the mark.
  process.env.TMPDIR = temporary;
  process.env.RESTORE_POINT_HOME = join(temporary, 'home');
  process.env.RESTORE_POINT_TEST_RUN = temporary;
  atEnd(() => endLeftovers(temporary));
  const runs = [];
  try {
    await runOrThrow(process.execPath, ['esbuild.js']);
    for (const name of wanted) {
      say(`\n── ${name}: ${layers[name].what}`);
      const started = performance.now();
      const outcome = await layers[name].run(root, { grep: values.grep }).catch((error) => ({
        results: [
          {
            state: 'failed',
            title: 'the whole layer',
            error: error instanceof Stop ? error.message : error.stack,
          },
        ],
        figures: [],
      }));
      await endLeftovers(temporary);
      runs.push({ layer: name, ...outcome, ms: performance.now() - started });
    }
  } finally {
    await end();
  }
  return printSum(runs) ? 0 : 1;
});
