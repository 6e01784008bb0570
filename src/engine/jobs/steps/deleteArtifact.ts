import { inspectArtifact, removeArtifact } from '../../artifacts';
import type { DeleteArtifactStep } from '../../plan';
import { explainFileError } from './fileFailure';
import type { Executor } from './types';

/** A dump that was kept as a restore point and is not needed any more. */
export const deleteArtifact: Executor<DeleteArtifactStep> = async (step, context) => {
  try {
    await removeArtifact(await inspectArtifact(step.path));
    context.touched();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw explainFileError(error, step.path);
  }
};
