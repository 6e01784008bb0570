import { readFile } from 'node:fs/promises';
import { stripVTControlCharacters } from 'node:util';

/**
 * What one layer's run came to.
 * @typedef {{ state: 'passed' | 'failed' | 'skipped', title: string, file?: string, error?: string, besideOthers?: string, ms?: number }} Result
 * @typedef {{ layer: string, results: Result[], figures: { name: string, value: string }[], ms: number }} LayerRun
 */

/**
 * Reads what the reporter wrote. A run that ended without its last word (a crash, a file that could not be
 * loaded, a time-out) counts as one failure more, never as nothing.
 * @param {{ code: number | null, timedOut: boolean }} exit
 */
export async function readResults(path, exit) {
  const lines = (await readFile(path, 'utf8').catch(() => ''))
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  const results = lines.filter((line) => line.type === 'result');
  const figures = lines.filter((line) => line.type === 'figure');
  const failed = results.some((result) => result.state === 'failed');
  if (exit.timedOut)
    results.push({ state: 'failed', title: 'the whole layer', error: 'It did not end in time.' });
  else if (!lines.some((line) => line.type === 'end'))
    results.push({
      state: 'failed',
      title: 'the whole layer',
      error: `It ended (exit code ${exit.code}) before its tests did; see its output above.`,
    });
  else if (exit.code !== 0 && !failed)
    results.push({
      state: 'failed',
      title: 'the whole layer',
      error: `Exit code ${exit.code} with no test failed.`,
    });
  else if (!results.length)
    results.push({ state: 'failed', title: 'the whole layer', error: 'It has no tests.' });
  return { results, figures };
}

/** Prints the sum of all layers; its last line is the agreed one. Returns whether all is well. */
export function printSum(/** @type {LayerRun[]} */ runs) {
  const out = (text = '') => process.stdout.write(`${text}\n`);
  const all = runs.flatMap((run) => run.results.map((result) => ({ ...result, layer: run.layer })));
  const of = (state) => all.filter((result) => result.state === state);
  out();
  for (const run of runs) {
    const count = (state) => run.results.filter((result) => result.state === state).length;
    out(
      `${run.layer.padEnd(8)} ${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped` +
        `  (${Math.round(run.ms / 1000)} s)`,
    );
  }
  const figures = runs.flatMap((run) => run.figures);
  if (figures.length) out('\nFigures:');
  for (const { name, value } of figures) out(`  ${name}: ${value}`);
  if (of('skipped').length) out('\nSkipped:');
  for (const { layer, title } of of('skipped')) out(`  ${layer}: ${title}`);
  list('Failed beside others, and passed alone', of('passed'), ({ besideOthers }) => besideOthers);
  list('Failed', of('failed'), ({ error = '' }) => error);
  out();
  out(`${of('passed').length} passed, ${of('failed').length} failed, ${of('skipped').length} skipped`);
  return of('failed').length === 0 && of('passed').length > 0;
}

/** Those for which `errorOf` gives a text. */
function list(heading, results, errorOf) {
  const lines = results
    .filter((result) => errorOf(result) !== undefined)
    .map(
      (result) => `  ${result.layer}: ${result.title}\n${indent(stripVTControlCharacters(errorOf(result)))}`,
    );
  if (lines.length) process.stdout.write(`\n${heading}:\n${lines.join('\n')}\n`);
}

function indent(text) {
  return text
    .split('\n')
    .slice(0, 30)
    .map((line) => `      ${line}`)
    .join('\n');
}
