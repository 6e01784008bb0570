import { join } from 'node:path';
import { packageExtension } from './package.mjs';
import { run } from './run.mjs';

const tool = (path, ...args) => [path, args];

const checks = {
  types: tool('typescript/bin/tsc', '--noEmit'),
  lint: tool('eslint/bin/eslint.js', '.', '--max-warnings', '0'),
  format: tool('prettier/bin/prettier.cjs', '--check', '.', '--log-level', 'warn'),
};

/** Type checks, lint, format and the package; each counts as one test. */
export async function runChecks(root) {
  const results = [];
  const record = (title, error, started) => {
    const ms = Math.round(performance.now() - started);
    process.stdout.write(`  ${error ? '✘' : '✔'} ${title} (${ms}ms)\n`);
    results.push({ state: error ? 'failed' : 'passed', title, ms, ...(error ? { error } : {}) });
  };
  for (const [title, [path, args]] of Object.entries(checks)) {
    const started = performance.now();
    const { code, output } = await run(process.execPath, [join(root, 'node_modules', path), ...args], {
      cwd: root,
      quiet: true,
      timeoutMs: 15 * 60_000,
    });
    record(title, code === 0 ? undefined : output.slice(-6000), started);
  }
  const started = performance.now();
  const error = await packageExtension(root).then(
    () => undefined,
    (error) => error.message,
  );
  record('package (vsce)', error, started);
  return { results, figures: [] };
}
