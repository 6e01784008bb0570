import type { CountRestoredStep } from '../../plan';
import { CancelledError } from '../../errors';
import { checkCounts, countTables, expectedRows, restored } from '../../restore';
import { withSession } from './session';
import { explainSqlError } from './sqlFailure';
import type { Executor } from './types';

/** Of the step: finding out what the backup holds (a full decode where no manifest says it). */
const expectingShare = 0.5;

/** Counts what is there after a restore and compares it with what the backup holds. */
export const countRestored: Executor<CountRestoredStep> = async (step, context) => {
  const { signal, job, notes } = context;
  const path = step.archive ?? job.plan.restores;
  if (!path) return;
  try {
    const held = await expectedRows(path, {
      signal,
      onProgress: (fraction) => context.progress(fraction * expectingShare, step.title),
    });
    const expected = step.tables ? restored(held, step.tables) : held;
    const counted = await withSession(step, context, (client, guard) =>
      guard(
        countTables(client, expected, {
          signal,
          onProgress: (fraction, what) =>
            context.progress(expectingShare + fraction * (1 - expectingShare), what),
        }),
      ),
    );
    notes.counted = [...(notes.counted ?? []), ...counted];
    // Who asked for what can be had gets the differences in the report.
    if (job.plan.facts.tolerant !== true) checkCounts(counted);
  } catch (error) {
    throw signal.aborted ? new CancelledError() : explainSqlError(error, step.title);
  }
};
