import { inspectArtifact, removeArtifact } from '../../artifacts';
import { refuseIfNeeded } from '../../physical';
import type { DeleteArtifactStep } from '../../plan';
import { explainFileError } from '../../fileFailure';
import type { Executor } from './types';

/** A backup that is not needed any more: neither by a person, nor by other backups. */
export const deleteArtifact: Executor<DeleteArtifactStep> = async (step, context) => {
  try {
    const artifact = await inspectArtifact(step.path);
    if (artifact.recognised.kind === 'basebackup') await refuseIfNeeded([step.path], context.signal);
    await removeArtifact(artifact);
    context.touched();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw explainFileError(error, step.path);
  }
};
