import * as l10n from '@vscode/l10n';

/**
 * What the shell uses of the engine at run time, built as modules of their own (`dist/engine/`) that are
 * loaded at the first use: activation pays nothing for them. Everything else in this folder imports
 * engine *types* only.
 */
export * from '../engine/errors';
export { isOwnServer } from '../engine/plan';
export { readContents } from '../engine/archive';
export { gitState } from '../engine/git';
export { keptDatabases } from '../engine/points';
export { formatBytes, formatDuration } from '../engine/format';
export * from '../engine/home';
export {
  connectionFrom,
  ConnectionStore,
  databaseSizes,
  discover,
  findPassword,
  formatConnection,
  listDatabases,
  listRelations,
  listSchemas,
  newConnectionId,
  openAccess,
  parseConnectionText,
  relationSizes,
  resolve,
  roleOf,
  serverFacts,
  withClient,
} from '../engine/connections';
export {
  evidenceFiles,
  inspectArtifact,
  listArtifacts,
  memberPartialPath,
  partialPath,
  removeArtifact,
  watchArtifacts,
  writeManifest,
} from '../engine/artifacts';
export {
  cancelJob,
  createJob,
  followJob,
  isTerminal,
  listJobs,
  pastRestores,
  readMessages,
  reapJobs,
  removeJob,
  retryJob,
  startRunner,
  watchJobs,
} from '../engine/jobs';

// What only planning needs is read at its first use.
export const tools = () => import('../engine/tools');
export const backup = () => import('../engine/backup');
export const physical = () => import('../engine/physical');
const restore = () => import('../engine/restore');

/** A function of a part that is loaded when it is first called. */
function later<A extends unknown[], R>(
  find: () => Promise<(...args: A) => R | Promise<R>>,
): (...args: A) => Promise<R> {
  return async (...args) => await (await find())(...args);
}

export const findBuilds = later(async () => (await tools()).findBuilds);
export const installCommand = later(async () => (await tools()).installCommand);
export const packagesHere = later(async () => (await tools()).packagesHere);
export const refuseIfNeeded = later(async () => (await physical()).refuseIfNeeded);
export const planBackup = later(async () => (await backup()).planBackup);
export const planCopyIn = later(async () => (await backup()).planCopyIn);
export const planClusterRehearsal = later(async () => (await restore()).planClusterRehearsal);
export const serverBuilds = later(async () => (await tools()).serverBuilds);
export const planBaseRehearsal = later(async () => (await restore()).planBaseRehearsal);
export const planRestoreDirectory = later(async () => (await restore()).planRestoreDirectory);
export const walFetchCommand = later(async () => (await restore()).walFetchCommand);
export const planCombine = later(async () => (await backup()).planCombine);
export const planExpireBackups = later(async () => (await backup()).planExpireBackups);
export const readBaseFacts = later(async () => (await import('../engine/pgdata/restoring')).readBaseFacts);
export const planRehearsal = later(async () => (await restore()).planRehearsal);
export const planRestore = later(async () => (await restore()).planRestore);
export const applyFix = later(async () => (await restore()).applyFix) as <T extends object>(
  request: T,
  set: object,
) => Promise<T>;
export const readRecoveryMaps = later(async () => (await physical()).readRecoveryMaps);
export const reachOf = later(async () => (await physical()).reachOf);
export const windowInWords = later(async () => (await physical()).windowInWords);
export const readWalFolder = later(async () => {
  const { readWalArchive, WalFolder } = await physical();
  return (folder: string, options: { signal?: AbortSignal }) =>
    readWalArchive(new WalFolder(folder), options);
});
export const scanWalFolder = later(async () => {
  const { scanEvents, WalFolder } = await physical();
  type Scan = typeof scanEvents extends (source: never, ...rest: infer R) => unknown ? R : never;
  return (folder: string, ...scan: Scan) => scanEvents(new WalFolder(folder), ...scan);
});
export const effectText = later(async () => (await physical()).effectText);
export const planRecovery = later(async () => (await restore()).planRecovery);
export const planSideCluster = later(async () => (await restore()).planSideCluster);
export const planForward = later(async () => (await restore()).planForward);
export const sideStatus = later(async () => (await restore()).sideStatus);
export const sideState = later(async () => (await restore()).sideState);
export const recoverCommand = later(async () => (await restore()).recoverCommand);
export const freePort = later(async () => (await restore()).freePort);
export const remediesOf = later(async () => (await restore()).remediesOf);
export const requestWith = later(async () => (await restore()).requestWith);
export const resumeRequest = later(async () => (await restore()).resumeRequest);
export const keepSql = later(async () => (await restore()).keepSql);
export const restoreCommand = later(async () => (await restore()).commandOf);
export const listPoints = later(async () => (await restore()).listPoints);
export const planBack = later(async () => (await restore()).planBack);
export const planCreatePoint = later(async () => (await restore()).planCreatePoint);
export const planExpire = later(async () => (await restore()).planExpire);
export const planUndo = later(async () => (await restore()).planUndo);
const history = async () => await import('../engine/history');
export const historyOf = later(async () => (await history()).historyOf);
export const tableHistory = later(async () => (await history()).tableHistory);
export const findRow = later(async () => (await history()).findRow);
export const objectHistory = later(async () => (await history()).objectHistory);
export const objectInBackup = later(async () => (await history()).objectInBackup);
export const objectsOf = later(async () => (await history()).objectsOf);
export const spanText = later(async () => (await history()).spanText);
const comparing = async () => await import('../engine/compare');
export const openComparison = later(async () => (await comparing()).openComparison);
export const planCompare = later(async () => (await comparing()).planCompare);
export const comparisonsFolder = later(async () => (await comparing()).comparisonsFolder);
export const exportDifferences = later(async () => (await comparing()).exportDifferences);
export const scriptText = later(async () => (await comparing()).scriptText);
export const takeRows = later(async () => (await comparing()).takeRows);
export const viewPlan = later(async () => (await import('../engine/planView')).viewPlan);

/** Gives the engine's sentences the editor's language. */
export function translate(bundle: Record<string, string>): void {
  l10n.config({ contents: bundle });
}
