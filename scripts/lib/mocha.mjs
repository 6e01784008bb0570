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

/** More failures than these have another reason than the company they ran in. */
const MOST_AGAIN = 3;

/**
 * Runs a layer's compiled tests by mocha in a process of its own; `sideBySide`: its files in as many as there are processors. What fails
 * there is run again by itself, and named if that passes: a machine that is busy with other tests is no fault of the program.
 * @param {{ layer: string, timeoutMs: number, testTimeoutMs: number, sideBySide?: boolean, grep?: string, env?: Record<string, string> }} options
 */
export async function runMocha(root, { layer, sideBySide = false, ...options }) {
  const files = testFiles(root, layer);
  if (!files.length) return noTests;
  const parallel = ['--parallel', '--jobs', String(availableParallelism())];
  parallel.push('--require', join(root, 'test/support/worker.cjs'));
  const first = await mocha(root, { layer, files, args: sideBySide ? parallel : [], ...options });
  const failed = first.results.filter(({ state }) => state === 'failed');
  if (!sideBySide || !failed.length || failed.length > MOST_AGAIN || !failed.every(({ file }) => file))
    return first;
  const again = [...new Set(failed.map(({ file }) => file))];
  const alone = await mocha(root, { layer: `${layer}-alone`, files: again, ...options });
  return { ...first, results: first.results.map((result) => settled(result, alone.results)) };
}

async function mocha(root, { layer, files, args = [], timeoutMs, testTimeoutMs, grep, env = {} }) {
  const path = await freshResults(root, layer);
  const all = [join(root, 'node_modules/mocha/bin/mocha.js'), '--no-config', '--exit', ...args];
  all.push('--reporter', join(root, 'test/support/reporter.cjs'), '--timeout', String(testTimeoutMs));
  if (grep) all.push('--grep', grep);
  const exit = await run(process.execPath, ['--enable-source-maps', ...all, ...files], {
    cwd: root,
    env: { ...process.env, ...env, RESTORE_POINT_RESULTS: path },
    timeoutMs,
  });
  return await readResults(path, exit);
}

/** A failed test that passed alone, with what was wrong beside others. */
function settled(result, alone) {
  if (result.state !== 'failed') return result;
  const then = alone.find(({ file, title }) => file === result.file && title === result.title);
  return then?.state === 'passed' ? { ...then, besideOthers: result.error } : result;
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
