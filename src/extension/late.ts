/**
 * Pages and lists of options: the shell's other half (`dist/shell-late-*.js`), loaded when the first of them is opened. One door, because each one
 * more would put what they share with the shell into further files, which activation reads.
 */
export { askBackupOptions } from './options/backupSheet';
export { askBaseBackupOptions, type BaseBackupAnswer } from './options/baseBackupSheet';
export { askRestoreOptions } from './options/restoreSheet';
export { askShape } from './options/rowsSheet';
export { askServerOptions } from './options/serverSheet';
export { openArchiving } from './panels/archivingPanel';
export { openBaseBackup } from './panels/baseBackupPanel';
export { forwardHandlers } from './panels/forwardHandlers';
export { openHistory } from './panels/historyPanel';
export { openPlan } from './panels/planPanel';
export { recoverHandlers } from './panels/recoverHandlers';
export { openRecover } from './panels/recoverPanel';
export { openRestore } from './panels/restorePanel';
export { RestoreSubjects } from './panels/restoreSubject';
