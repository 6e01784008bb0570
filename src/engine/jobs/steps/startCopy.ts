import { RestorePointError } from '../../errors';
import type { StartCopyStep } from '../../plan';
import { copySettings } from './copySettings';
import { keepFailure } from './rehearsalEvidence';
import { runServer, settingArguments } from './throwawayServer';
import type { Executor } from './types';

/** It was shut down cleanly: there is nothing to recover. */
const patienceMs = 300_000;

/** A cluster that was recovered is started, for its checks. */
export const startCopy: Executor<StartCopyStep> = async (step, context) => {
  const { folder, data, build, artifact, title } = step;
  const began = context.elapsed();
  context.progress(null, title);
  const args = ['-D', data, ...settingArguments(copySettings(folder, data, build))];
  try {
    await runServer({ ...step, patienceMs }, args, context);
  } catch (error) {
    if (error instanceof RestorePointError) await keepFailure(artifact, context, error);
    throw error;
  }
  context.notes.rehearsed.times.startMs = Math.round(context.elapsed() - began);
};
