import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runChecks } from './lib/checks.mjs';
import { runHost, runMocha } from './lib/mocha.mjs';
import { packageExtension } from './lib/package.mjs';
import { chromium, installPackages, requirePackages } from './setup/debian.mjs';
import { ensurePostgres, majors } from './setup/postgres.mjs';
import { ensureVsCode } from './setup/vscode.mjs';

const minute = 60_000;

/** Servers and programs the engine is tested with. What stays missing of the optional ones skips its tests by name. */
async function engineGround() {
  await installPackages(['openssh-server', 'openssh-client', 'lz4', 'zstd', 'zip']);
  for (const major of majors) await ensurePostgres(major);
}

/** A VS Code with a browser to see it in. */
async function editorGround(root) {
  await requirePackages(['chromium', 'fonts-dejavu-core', 'fonts-liberation']);
  process.env.RESTORE_POINT_CHROMIUM = chromium();
  await ensureVsCode(root);
  for (const major of [15, 17]) await ensurePostgres(major);
}

/** Every layer of tests: what it needs is installed by itself. */
export const layers = {
  checks: {
    what: 'types, lint, format, package',
    run: (root) => runChecks(root),
  },
  unit: {
    what: 'no server, no editor',
    run: (root, { grep }) =>
      runMocha(root, { layer: 'unit', grep, testTimeoutMs: 20_000, timeoutMs: 10 * minute }),
  },
  engine: {
    what: 'the engine against real PostgreSQL 15, 17 and 18',
    run: async (root, { grep }) => {
      await engineGround();
      const timeouts = { testTimeoutMs: 400_000, timeoutMs: 60 * minute };
      return await runMocha(root, { layer: 'engine', grep, sideBySide: true, ...timeouts });
    },
  },
  webview: {
    what: 'the pages over a fake host',
    run: async (root, { grep }) => {
      if (!existsSync(join(root, 'src/webview'))) return { results: [], figures: [] };
      return await runMocha(root, { layer: 'webview', grep, testTimeoutMs: 20_000, timeoutMs: 10 * minute });
    },
  },
  host: {
    what: 'inside a real VS Code',
    run: async (root, { grep }) => {
      await editorGround(root);
      return await runHost(root, { runner: 'dist/test/host/runner.js', grep, timeoutMs: 20 * minute });
    },
  },
  ui: {
    what: 'the packaged extension, by mouse and keyboard',
    run: async (root, { grep }) => {
      await editorGround(root);
      const env = { RESTORE_POINT_VSIX: await packageExtension(root) };
      return await runMocha(root, { layer: 'ui', grep, env, testTimeoutMs: 300_000, timeoutMs: 30 * minute });
    },
  },
};

/** What `npm test` runs by itself; `.ci/run` adds the checks. */
export const defaultLayers = Object.keys(layers).filter((name) => name !== 'checks');
