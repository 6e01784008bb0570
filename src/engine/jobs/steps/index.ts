import type { Step } from '../../plan';
import type { JobResult } from '../events';
import { checkRestored } from './checkRestored';
import { clone } from './clone';
import { copyIn } from './copyIn';
import { copyOut } from './copyOut';
import { countRestored } from './countRestored';
import { deleteArtifact } from './deleteArtifact';
import { dropPoint } from './dropPoint';
import { finish } from './finishArtifact';
import { sql } from './sql';
import { startCluster } from './startCluster';
import { stopCluster } from './stopCluster';
import { swap } from './swap';
import { tool } from './tool';
import type { Executor, StepContext } from './types';

/** Every kind of step: one file, one line here. */
const executors: { [Kind in Step['do']]: Executor<Extract<Step, { do: Kind }>> } = {
  tool,
  sql,
  copyOut,
  copyIn,
  finishArtifact: finish,
  countRestored,
  swap,
  clone,
  dropPoint,
  deleteArtifact,
  checkRestored,
  startCluster,
  stopCluster,
};

export async function runStep(step: Step, context: StepContext): Promise<JobResult | void> {
  return await (executors[step.do] as Executor<Step>)(step, context);
}
