import { combineBaseBackups } from './baseBackups/combineBaseBackups';
import { expireBaseBackups } from './baseBackups/expireBaseBackups';
import { restoreBaseBackup } from './baseBackups/restoreBaseBackup';
import { addBackupFolder, removeBackupFolder } from './backups/backupFolders';
import { deleteBackup } from './backups/deleteBackup';
import { editNote } from './backups/editNote';
import { clearBackupFilter, filterBackups } from './backups/filterBackups';
import { groupBackupsByDatabase, groupBackupsByDay } from './backups/groupBackups';
import { rehearse } from './backups/rehearse';
import { refreshBackups } from './backups/refreshBackups';
import { copyBackupPath, revealBackupInExplorer, revealBackupInOs } from './backups/revealBackup';
import { showHistory } from './backups/showHistory';
import { showManifest } from './backups/showManifest';
import { verifyChecksum, verifyContents } from './backups/verifyBackup';
import { backUpDatabase, showBackupPlan } from './backingUp/backUpDatabase';
import { backUpDatabaseWithOptions } from './backingUp/backUpDatabaseWithOptions';
import { backUpSchemas, backUpTables } from './backingUp/backUpParts';
import { backUpServer } from './backingUp/backUpServer';
import { exportRows } from './backingUp/exportRows';
import { importRows } from './backingUp/importRows';
import type { Command } from './command';
import { openAsFolder } from './contents/openAsFolder';
import { openContents } from './contents/openContents';
import { salvage } from './contents/salvage';
import { searchDump } from './contents/searchDump';
import { compare, compareWith, openComparison } from './comparing/compare';
import { addConnection } from './connections/addConnection';
import { duplicateConnection } from './connections/duplicateConnection';
import { editConnection } from './connections/editConnection';
import { enterPassword } from './connections/enterPassword';
import { forgetPassword } from './connections/forgetPassword';
import { keepConnection } from './connections/keepConnection';
import { loadMore } from './connections/loadMore';
import { nameMoment } from './connections/nameMoment';
import { refreshConnections } from './connections/refreshConnections';
import { removeConnection } from './connections/removeConnection';
import { setConnectionGroup } from './connections/setConnectionGroup';
import { setConnectionRole } from './connections/setConnectionRole';
import { setDatabaseRole } from './connections/setDatabaseRole';
import { testConnection } from './connections/testConnection';
import { walArchiving } from './connections/walArchiving';
import { useFoundConnection } from './connections/useFoundConnection';
import { openSettings, showLog } from './general/help';
import { installTools } from './general/installTools';
import { addToolFolder, showTools } from './general/tools';
import { cancelJob } from './jobs/cancelJob';
import { clearFinishedJobs, removeJob } from './jobs/clearJobs';
import { copyJobCommand } from './jobs/copyJobCommand';
import { retryJob } from './jobs/retryJob';
import { showJobLog } from './jobs/showJobLog';
import { showJobs } from './jobs/showJobs';
import { createPoint } from './points/createPoint';
import { deletePoint, expirePoints } from './points/expirePoints';
import { goBack, undoRestore } from './points/goBack';
import { recover } from './recovering/recover';
import {
  moveTargetForward,
  openForWriting,
  removeSideCluster,
  startSideCluster,
} from './recovering/sideClusters';
import { replaceDatabase } from './restoring/replaceDatabase';
import { restorePage } from './restoring/restorePage';
import { restoreAgain, resumeRestore, showReport } from './restoring/again';
import { runSql } from './restoring/runSql';
import { restore, restoreWithOptions, showRestorePlan } from './restoring/restore';

export { registerCommands } from './register';

/** Every action of the extension. */
export const commands: Command[] = [
  addConnection,
  editConnection,
  duplicateConnection,
  testConnection,
  removeConnection,
  setConnectionGroup,
  setConnectionRole,
  setDatabaseRole,
  enterPassword,
  forgetPassword,
  useFoundConnection,
  keepConnection,
  refreshConnections,
  loadMore,
  nameMoment,
  walArchiving,
  backUpDatabase,
  backUpDatabaseWithOptions,
  backUpSchemas,
  backUpTables,
  backUpServer,
  exportRows,
  importRows,
  showBackupPlan,
  restore,
  restoreWithOptions,
  showRestorePlan,
  replaceDatabase,
  restorePage,
  runSql,
  showReport,
  restoreAgain,
  resumeRestore,
  recover,
  startSideCluster,
  moveTargetForward,
  openForWriting,
  removeSideCluster,
  compare,
  compareWith,
  openComparison,
  createPoint,
  undoRestore,
  goBack,
  deletePoint,
  expirePoints,
  openContents,
  openAsFolder,
  searchDump,
  salvage,
  refreshBackups,
  groupBackupsByDatabase,
  groupBackupsByDay,
  filterBackups,
  clearBackupFilter,
  addBackupFolder,
  removeBackupFolder,
  revealBackupInOs,
  revealBackupInExplorer,
  copyBackupPath,
  verifyChecksum,
  verifyContents,
  rehearse,
  showManifest,
  showHistory,
  restoreBaseBackup,
  combineBaseBackups,
  expireBaseBackups,
  editNote,
  deleteBackup,
  showJobs,
  cancelJob,
  retryJob,
  showJobLog,
  copyJobCommand,
  removeJob,
  clearFinishedJobs,
  openSettings,
  showTools,
  installTools,
  addToolFolder,
  showLog,
];
