export { planRestore } from './plan';
export { applyFix } from './applyFix';
export * from './points';
export { amcheck, userCheck, validity } from './checks';
export { planClusterRehearsal } from './throwaway';
export { planRehearsal, type RehearsalRequest } from './rehearse';
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
