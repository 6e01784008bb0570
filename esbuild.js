// Builds everything: the extension's host bundle, the command line, the pages and the tests.
const { build, context } = require('esbuild');
const { globSync, rmSync } = require('node:fs');

const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');

/** Shared by all Node bundles. Node 22 is the extension host of VS Code 1.101. */
const node = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node22',
  minify: production,
  sourcemap: production ? false : 'linked',
  legalComments: 'none',
  logLevel: 'warning',
  // pg's optional native binding; never used.
  external: ['vscode', 'pg-native'],
};

/**
 * The shell loads the engine at its first use, from a bundle of its own: activation parses the shell
 * only. `require`, because the extension host gives CommonJS modules no import of relative paths.
 */
const engineApart = {
  name: 'engine-apart',
  setup(bundler) {
    bundler.onResolve({ filter: /\/engineModule$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './engine.js', external: true } : undefined,
    );
  },
};

const page = {
  bundle: true,
  platform: 'browser',
  format: 'esm',
  target: 'es2022',
  splitting: true,
  minify: production,
  sourcemap: production ? false : 'linked',
  legalComments: 'none',
  logLevel: 'warning',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  loader: { '.ttf': 'file' },
};

const pages = globSync('src/webview/*/main.tsx');
const tests = globSync('test/{unit,engine,webview,host,ui,bench}/**/*.{test.ts,test.tsx}').concat(
  globSync('test/host/index.ts'),
  globSync('test/bench/*.bench.ts'),
);

const bundles = [
  {
    ...node,
    entryPoints: { extension: 'src/extension/extension.ts', engine: 'src/extension/engineModule.ts' },
    outdir: 'dist',
    plugins: [engineApart],
    supported: { 'dynamic-import': false },
  },
  { ...node, entryPoints: { cli: 'src/cli/main.ts' }, outdir: 'dist', banner: { js: '#!/usr/bin/env node' } },
  ...(pages.length ? [{ ...page, entryPoints: pages, outdir: 'dist/webview', outbase: 'src/webview' }] : []),
  ...(production
    ? []
    : [
        {
          ...node,
          entryPoints: tests,
          outdir: 'dist/test',
          outbase: 'test',
          packages: 'external',
          jsx: 'automatic',
          jsxImportSource: 'preact',
        },
      ]),
];

async function main() {
  rmSync('dist', { recursive: true, force: true });
  if (watch) for (const options of bundles) await (await context(options)).watch();
  else await Promise.all(bundles.map((options) => build(options)));
}

main().catch(() => process.exit(1));
