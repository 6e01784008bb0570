// Builds everything: the extension's host bundle, the command line, the pages and the tests.
//   node esbuild.js [--production] [--watch]
// A production build makes what the package holds and leaves dist/test alone.
const { build, context, transform } = require('esbuild');
const { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } = require('node:fs');
const { basename, dirname, join } = require('node:path');

/** WebAssembly text becomes the bytes of its module. */
const assembled = {
  name: 'assembled',
  setup(bundler) {
    bundler.onLoad({ filter: /\.wat$/ }, async ({ path }) => {
      const { parseWat } = await require('wabt')();
      const parsed = parseWat(path, readFileSync(path, 'utf8'), { simd: true, bulk_memory: true });
      try {
        parsed.validate();
        return { contents: parsed.toBinary({}).buffer, loader: 'binary' };
      } finally {
        parsed.destroy();
      }
    });
  },
};

/** Shared by all Node bundles. Node 22 is the extension host of VS Code 1.101. */
const node = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node22',
  legalComments: 'none',
  logLevel: 'warning',
  // pg's optional native binding; never used.
  external: ['vscode', 'pg-native'],
  plugins: [assembled],
};

const page = {
  bundle: true,
  platform: 'browser',
  format: 'esm',
  target: 'es2022',
  splitting: true,
  legalComments: 'none',
  logLevel: 'warning',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  loader: { '.ttf': 'file' },
};

/** A dynamic import of a module that is built apart, and found beside the bundle. */
const builtApart = (filter, path) => ({
  name: 'built-apart',
  setup(bundler) {
    bundler.onResolve({ filter }, ({ kind }) =>
      kind === 'dynamic-import' ? { path, external: true } : undefined,
    );
  },
});

/**
 * Turns modules, which alone esbuild can split, into CommonJS, which is what the editor loads; what they import late is required where it is
 * CommonJS, too. All of them share one `vscode`: each import of it as a namespace would be a copy of the whole API, property by property, when
 * the extension is activated.
 */
const asCommonJs = {
  name: 'as-common-js',
  setup(bundler) {
    const { minify, sourcemap, target } = bundler.initialOptions;
    // Inside of the modules, the map goes on into what becomes of them.
    Object.assign(bundler.initialOptions, { format: 'esm', write: false, sourcemap: sourcemap && 'inline' });
    bundler.onEnd(async ({ outputFiles = [] }) => {
      for (const { path, text } of outputFiles) {
        const editor = text.includes('"vscode"') ? 'const __vscode=require("vscode");' : '';
        const code = text
          .replace(/\bimport\s*\*\s*as\s+([\w$]+)\s+from\s*"vscode"/g, 'const $1=__vscode')
          .replace(/\bimport\((".\/[^"]+\.c?js")\)/g, 'Promise.resolve().then(()=>require($1))');
        const options = { format: 'cjs', platform: 'node', target, minify, sourcefile: path };
        const made = await transform(editor + code, { ...options, sourcemap: sourcemap && 'external' });
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(
          path,
          made.map ? `${made.code}//# sourceMappingURL=${basename(path)}.map\n` : made.code,
        );
        if (made.map) writeFileSync(`${path}.map`, made.map);
      }
    });
  },
};

/**
 * The shell loads the engine at its first use, from modules of its own: activation parses the shell only.
 * Modules, not CommonJS, because they split: what the engine imports late is read late. So is what the shell imports late (`dist/shell-*.js`).
 */
const shell = {
  ...node,
  entryPoints: { extension: 'src/extension/extension.ts' },
  outdir: 'dist',
  splitting: true,
  chunkNames: 'shell-[name]-[hash]',
  plugins: [...node.plugins, builtApart(/\/engineModule$/, './engine/engine.mjs'), asCommonJs],
};

const modules = {
  ...node,
  format: 'esm',
  splitting: true,
  outExtension: { '.js': '.mjs' },
  chunkNames: '[name]-[hash]',
  // pg and others are CommonJS inside.
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
};

const engine = {
  ...modules,
  // The reader runs in a worker of its own: it shares the engine's modules, and its memory with nobody.
  entryPoints: { engine: 'src/extension/engineModule.ts', reader: 'src/extension/reader/worker/main.ts' },
  outdir: 'dist/engine',
};

/** What is run, and the modules it loads: each verb reads only its own. */
const cli = {
  ...node,
  entryPoints: { cli: 'src/cli/start.ts' },
  outdir: 'dist',
  banner: { js: '#!/usr/bin/env node' },
  plugins: [
    ...node.plugins,
    builtApart(/\/main$/, './cli/main.mjs'),
    builtApart(/\/perSegment$/, './cli/perSegment.cjs'),
    asCommonJs,
  ],
};

const verbs = {
  ...modules,
  entryPoints: { main: 'src/cli/main.ts' },
  outdir: 'dist/cli',
};

/** What is started for every segment of WAL is read as one, and as CommonJS: a module makes all of what it imports of Node, used or not. */
const perSegment = {
  ...node,
  entryPoints: { perSegment: 'src/cli/perSegment.ts' },
  outdir: 'dist/cli',
  outExtension: { '.js': '.cjs' },
};

/** Files below a folder whose path fits; none when the folder is absent. */
function files(folder, pattern) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => join(folder, path))
    .filter((path) => pattern.test(path) && !path.includes('node_modules'))
    .sort();
}

const webview = {
  ...page,
  entryPoints: files('src/webview', /\/main\.tsx$/),
  outdir: 'dist/webview',
  outbase: 'src/webview',
};

const tests = {
  ...node,
  entryPoints: [
    ...files('test', /\.(test\.tsx?|bench\.ts)$/),
    // What the scripts use of the tests' own ground.
    ...files('test/support', /\.ts$/),
    ...files('test/host', /host\/(index|runner)\.ts$/),
  ],
  outdir: 'dist/test',
  outbase: 'test',
  packages: 'external',
  jsx: 'automatic',
  jsxImportSource: 'preact',
};

/** What the package holds. */
const shipped = [shell, engine, cli, verbs, perSegment, webview];

const production = { minify: true, sourcemap: false };
const development = { minify: false, sourcemap: 'linked' };

async function main() {
  const [kind, wanted] = process.argv.includes('--production')
    ? [production, shipped]
    : [development, [...shipped, tests]];
  const stale = existsSync('dist') ? readdirSync('dist') : [];
  for (const name of stale.filter((name) => name !== 'test' || kind === development))
    rmSync(join('dist', name), { recursive: true, force: true });
  const bundles = wanted.filter(hasEntries).map((options) => ({ ...options, ...kind }));
  if (process.argv.includes('--watch')) for (const options of bundles) await (await context(options)).watch();
  else {
    const built = await Promise.all(bundles.map((options) => build({ ...options, metafile: true })));
    if (kind === production) writeNotices(built.flatMap(({ metafile }) => Object.keys(metafile.inputs)));
  }
}

/** The licences of what the bundles carry: those of our dependencies ask to be passed on. */
function writeNotices(inputs) {
  const packages = new Set(
    inputs.map((path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[0]).filter(Boolean),
  );
  const notices = [...packages].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
    const text = file ? readFileSync(join(folder, file), 'utf8').trim() : '';
    return `${name} ${version} (${license})\n\n${text}\n`;
  });
  writeFileSync('dist/third-party-notices.txt', notices.join(`\n${'-'.repeat(80)}\n\n`));
}

function hasEntries({ entryPoints }) {
  return Object.values(entryPoints).some((path) => existsSync(path));
}

module.exports = { shell, cli, webview, production };

if (require.main === module) main().catch(() => process.exit(1));
