import type { CountRestoredStep } from '../../plan';
import { CancelledError } from '../../errors';
import { checkCounts, compared, countTables, heldRows, heldTables, restored } from '../../restore';
import { withSession } from './session';
import { explainSqlError } from './sqlFailure';
import type { Executor } from './types';

/** Counts what is there after a restore, and meanwhile what the backup holds (a full decode where no manifest says it). */
export const countRestored: Executor<CountRestoredStep> = async (step, context) => {
  const { job, notes } = context;
  const path = step.archive ?? job.plan.restores;
  if (!path) return;
  // Whichever fails ends the other.
  const stop = new AbortController();
  const signal = AbortSignal.any([context.signal, stop.signal]);
  const done = { held: 0, counted: 0 };
  const tell = (part: keyof typeof done) => (fraction: number, what: string) => {
    done[part] = fraction;
    context.progress((done.held + done.counted) / 2, what || step.title);
  };
  try {
    const all = await heldTables(path, signal);
    const tables = step.tables ? restored(all, step.tables) : all;
    const both = [
      heldRows(path, { signal, onProgress: tell('held') }),
      withSession(step, context, (client, guard) =>
        guard(countTables(client, tables, { signal, onProgress: tell('counted') })),
      ),
    ] as const;
    const [held, counted] = await Promise.all(both).catch(async (error: unknown) => {
      stop.abort();
      await Promise.allSettled(both);
      throw error;
    });
    notes.counted = [...(notes.counted ?? []), ...compared(tables, counted, held)];
  } catch (error) {
    throw context.signal.aborted ? new CancelledError() : explainSqlError(error, step.title);
  }
  // Who asked for what can be had gets the differences in the report.
  if (job.plan.facts.tolerant !== true) checkCounts(notes.counted);
};
