export { planRestore } from './plan';
export { applyFix } from './applyFix';
export { planRestoreDirectory } from './directory';
export * from './recover';
export * from './points';
export { amcheck, countEveryTable, userCheck, validity } from './checks';
export { planBaseRehearsal, planClusterRehearsal, type BaseRehearsalRequest } from './throwaway';
export { planRehearsal, type RehearsalRequest } from './rehearse';
export { leftBy } from '../left';
export { remediesOf, requestWith } from './remedies';
export { resumeRequest } from './resume';
export { keepSql } from './sqlFile';
export { strategies } from './strategies';
export {
  checkCounts,
  compared,
  countTables,
  heldRows,
  heldTables,
  restored,
  type CountedTable,
} from './count';
export { createDoctor, diagnose, doctorFor, withoutSecrets, type Doctor } from './doctor';
export { doctorRules, type DoctorContext, type DoctorRule } from './doctorRules';
export { scriptFeed, type ScriptFeed } from './lines';
export type { ReaderSources } from './messages';
export { countEntries, restoreReport, type EntryCounts } from './report';
export { concludeTool, type ToolEnd } from './verdict';
export { commandOf } from './commandLine';
export { findEntries } from './pick';
export type { DirectoryContext, DirectoryRequest } from './directory';
export type {
  PastRestore,
  Picked,
  Renaming,
  RestoreContext,
  RestoreOptions,
  RestoreRequest,
  RestoreStrategy,
  StrategyName,
} from './types';
