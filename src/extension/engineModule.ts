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
export const planBackup = later(async () => (await backup()).planBackup);
export const planCopyIn = later(async () => (await backup()).planCopyIn);
export const planClusterRehearsal = later(async () => (await restore()).planClusterRehearsal);
export const serverBuilds = later(async () => (await tools()).serverBuilds);
export const planRehearsal = later(async () => (await restore()).planRehearsal);
export const planRestore = later(async () => (await restore()).planRestore);
export const applyFix = later(async () => (await restore()).applyFix) as <T extends object>(
  request: T,
  set: object,
) => Promise<T>;
export const resumeRequest = later(async () => (await restore()).resumeRequest);
export const keepSql = later(async () => (await restore()).keepSql);
export const restoreCommand = later(async () => (await restore()).commandOf);
export const listPoints = later(async () => (await restore()).listPoints);
export const planBack = later(async () => (await restore()).planBack);
export const planCreatePoint = later(async () => (await restore()).planCreatePoint);
export const planExpire = later(async () => (await restore()).planExpire);
export const planUndo = later(async () => (await restore()).planUndo);
export const viewPlan = later(async () => (await import('../engine/planView')).viewPlan);

/** Gives the engine's sentences the editor's language. */
export function translate(bundle: Record<string, string>): void {
  l10n.config({ contents: bundle });
}
