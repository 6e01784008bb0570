import type { Step } from '../../plan';
import type { JobResult } from '../events';
import { checkBackup } from './checkBackup';
import { checkCluster } from './checkCluster';
import { checkPages } from './checkPages';
import { checkRestored } from './checkRestored';
import { clone } from './clone';
import { compare } from './compare';
import { controlCluster } from './controlCluster';
import { copyCluster } from './copyCluster';
import { copyIn } from './copyIn';
import { copyOnline } from './copyOnline';
import { copyOut } from './copyOut';
import { countRestored } from './countRestored';
import { deleteArtifact } from './deleteArtifact';
import { discard } from './discard';
import { dropPoint } from './dropPoint';
import { finish } from './finishArtifact';
import { placeBackup } from './placeBackup';
import { receiveWal } from './receiveWal';
import { recoverCopy } from './recoverCopy';
import { reachTarget } from './reachTarget';
import { settleBackup } from './settleBackup';
import { setTarget } from './setTarget';
import { sql } from './sql';
import { startCluster } from './startCluster';
import { startCopy } from './startCopy';
import { startDirectory } from './startDirectory';
import { startServer, stopServer } from './serverAgain';
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
  recoverCopy,
  checkPages,
  startCopy,
  checkCluster,
  compare,
  placeBackup,
  discard,
  checkBackup,
  settleBackup,
  startDirectory,
  setTarget,
  reachTarget,
  receiveWal,
  controlCluster,
  copyCluster,
  copyOnline,
  stopServer,
  startServer,
};

export async function runStep(step: Step, context: StepContext): Promise<JobResult | void> {
  return await (executors[step.do] as Executor<Step>)(step, context);
}
