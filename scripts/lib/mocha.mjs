import { existsSync, readdirSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { readResults } from './results.mjs';
import { run } from './run.mjs';

const noTests = {
  results: [{ state: 'failed', title: 'the whole layer', error: 'It has no tests.' }],
  figures: [],
};

/** Compiled test files of a layer. */
export function testFiles(root, layer) {
  const folder = join(root, 'dist/test', layer);
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.test.js'))
    .map((path) => join(folder, path))
    .sort();
}

/** File the reporter of a layer writes its results to, emptied. */
export async function freshResults(root, layer) {
  await mkdir(join(root, 'test-results'), { recursive: true });
  const path = join(root, 'test-results', `${layer}.jsonl`);
  await rm(path, { force: true });
  return path;
}

/**
 * Runs a layer's compiled tests by mocha in a process of its own; `sideBySide`: its files in as many as there are processors.
 * @param {{ layer: string, timeoutMs: number, testTimeoutMs: number, sideBySide?: boolean, grep?: string, env?: Record<string, string> }} options
 */
export async function runMocha(
  root,
  { layer, timeoutMs, testTimeoutMs, sideBySide = false, grep, env = {} },
) {
  const path = await freshResults(root, layer);
  const files = testFiles(root, layer);
  if (!files.length) return noTests;
  const args = [join(root, 'node_modules/mocha/bin/mocha.js'), '--no-config', '--exit'];
  args.push('--reporter', join(root, 'test/support/reporter.cjs'), '--timeout', String(testTimeoutMs));
  if (sideBySide) {
    args.push('--parallel', '--jobs', String(availableParallelism()));
    args.push('--require', join(root, 'test/support/worker.cjs'));
  }
  if (grep) args.push('--grep', grep);
  const exit = await run(process.execPath, ['--enable-source-maps', ...args, ...files], {
    cwd: root,
    env: { ...process.env, ...env, RESTORE_POINT_RESULTS: path },
    timeoutMs,
  });
  return await readResults(path, exit);
}

/** Runs the host layer: its runner starts VS Code, whose extension host runs mocha. */
export async function runHost(root, { runner, timeoutMs, grep, env = {} }) {
  const path = await freshResults(root, 'host');
  if (!testFiles(root, 'host').length) return noTests;
  const exit = await run(process.execPath, ['--enable-source-maps', join(root, runner)], {
    cwd: root,
    env: {
      ...process.env,
      ...env,
      RESTORE_POINT_RESULTS: path,
      ...(grep ? { RESTORE_POINT_GREP: grep } : {}),
    },
    timeoutMs,
  });
  return await readResults(path, exit);
}
