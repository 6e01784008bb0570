import * as l10n from '@vscode/l10n';

/**
 * What the shell uses of the engine at run time, built as a bundle of its own (`dist/engine.js`) that
 * is loaded at the first use: activation pays nothing for it. Everything else in this folder imports
 * engine *types* only.
 */
export * from '../engine/errors';
export { formatBytes, formatDuration } from '../engine/format';
export * from '../engine/home';
export { viewPlan } from '../engine/planView';
export {
  connectionFrom,
  ConnectionStore,
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
export { findBuilds, installCommand, packagesHere } from '../engine/tools';
export {
  inspectArtifact,
  listArtifacts,
  memberPartialPath,
  partialPath,
  verify,
  watchArtifacts,
  writeManifest,
} from '../engine/artifacts';
export { planBackup, planCopyIn } from '../engine/backup';
export { planRestore } from '../engine/restore';
export {
  cancelJob,
  createJob,
  followJob,
  isTerminal,
  listJobs,
  reapJobs,
  removeJob,
  retryJob,
  startRunner,
  watchJobs,
} from '../engine/jobs';

/** Gives the engine's sentences the editor's language. */
export function translate(bundle: Record<string, string>): void {
  l10n.config({ contents: bundle });
}
