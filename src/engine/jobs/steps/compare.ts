import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { compare as run, type Comparison } from '../../compare';
import type { CompareStep } from '../../plan';
import type { JobResult } from '../events';
import { explainSqlError } from './sqlFailure';
import type { Executor } from './types';

/** Compares two sides into a file; the result says how many differences there are. */
export const compare: Executor<CompareStep> = async (step, context) => {
  const { left, right, options, path, builds, titles, command } = step;
  const { connections } = context.job.plan;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  try {
    const comparison = await run(
      { left, right, options, path },
      {
        ...{ builds, titles, command, signal: context.signal, applicationName: context.applicationName },
        access: (key) => context.access(key),
        connectionIds: Object.fromEntries(Object.entries(connections).map(([key, { id }]) => [key, id])),
        by: 'Restore Point',
        onProgress: (fraction, what) => context.progress(fraction, what),
      },
    );
    return { comparison: path, ...countsOf(comparison) };
  } catch (error) {
    throw explainSqlError(error, step.title);
  }
};

function countsOf({ equal, objects, tables, faults }: Comparison): JobResult {
  const sum = (key: 'added' | 'removed' | 'changed'): number =>
    tables.reduce((all, table) => all + (table[key] ?? 0), 0);
  return {
    equal,
    objects: objects.differences.length,
    rows: { added: sum('added'), removed: sum('removed'), changed: sum('changed') },
    notCompared: tables.filter(({ state }) => state === 'notCompared').length,
    faults: faults.length,
  };
}
