/**
 * Every name the manifest and the code share, in one place. test/unit/extension/manifest.test.ts
 * checks that package.json and this file agree, both ways.
 */

export const commandIds = [
  // connections
  'restorePoint.addConnection',
  'restorePoint.editConnection',
  'restorePoint.duplicateConnection',
  'restorePoint.testConnection',
  'restorePoint.removeConnection',
  'restorePoint.setConnectionGroup',
  'restorePoint.setConnectionRole',
  'restorePoint.setDatabaseRole',
  'restorePoint.enterPassword',
  'restorePoint.forgetPassword',
  'restorePoint.useFoundConnection',
  'restorePoint.keepConnection',
  'restorePoint.refreshConnections',
  'restorePoint.loadMore',
  'restorePoint.nameMoment',
  'restorePoint.walArchiving',
  // backing up
  'restorePoint.backUpDatabase',
  'restorePoint.backUpDatabaseWithOptions',
  'restorePoint.backUpSchemas',
  'restorePoint.backUpTables',
  'restorePoint.backUpServer',
  'restorePoint.exportRows',
  'restorePoint.importRows',
  'restorePoint.showBackupPlan',
  // restoring
  'restorePoint.restore',
  'restorePoint.restorePage',
  'restorePoint.runSql',
  'restorePoint.showReport',
  'restorePoint.restoreAgain',
  'restorePoint.resumeRestore',
  'restorePoint.restoreWithOptions',
  'restorePoint.showRestorePlan',
  'restorePoint.replaceDatabase',
  // recovering
  'restorePoint.recover',
  'restorePoint.startSideCluster',
  'restorePoint.moveTargetForward',
  'restorePoint.openForWriting',
  'restorePoint.removeSideCluster',
  // comparing
  'restorePoint.compare',
  'restorePoint.compareWith',
  'restorePoint.openComparison',
  // restore points
  'restorePoint.createPoint',
  'restorePoint.undoRestore',
  'restorePoint.goBack',
  'restorePoint.deletePoint',
  'restorePoint.expirePoints',
  // contents
  'restorePoint.openContents',
  'restorePoint.openAsFolder',
  'restorePoint.searchDump',
  'restorePoint.salvage',
  // backups
  'restorePoint.refreshBackups',
  'restorePoint.groupBackupsByDatabase',
  'restorePoint.groupBackupsByDay',
  'restorePoint.filterBackups',
  'restorePoint.clearBackupFilter',
  'restorePoint.addBackupFolder',
  'restorePoint.removeBackupFolder',
  'restorePoint.revealBackupInOs',
  'restorePoint.revealBackupInExplorer',
  'restorePoint.copyBackupPath',
  'restorePoint.verifyChecksum',
  'restorePoint.verifyContents',
  'restorePoint.rehearse',
  'restorePoint.showManifest',
  'restorePoint.showHistory',
  'restorePoint.restoreBaseBackup',
  'restorePoint.combineBaseBackups',
  'restorePoint.expireBaseBackups',
  'restorePoint.editNote',
  'restorePoint.deleteBackup',
  // jobs
  'restorePoint.showJobs',
  'restorePoint.cancelJob',
  'restorePoint.retryJob',
  'restorePoint.showJobLog',
  'restorePoint.copyJobCommand',
  'restorePoint.removeJob',
  'restorePoint.clearFinishedJobs',
  // the rest
  'restorePoint.openSettings',
  'restorePoint.showTools',
  'restorePoint.installTools',
  'restorePoint.addToolFolder',
  'restorePoint.showLog',
] as const;
export type CommandId = (typeof commandIds)[number];

/** What comparisons' files are opened with. */
export const comparisonEditorType = 'restorePoint.comparison';

export const editorTypes = {
  /** What dumps are opened with by themselves. */
  contents: 'restorePoint.contents',
  /** For files that may be dumps: only when a person chooses it. */
  contentsByChoice: 'restorePoint.contentsByChoice',
} as const;

export const viewIds = {
  connections: 'restorePoint.connections',
  backups: 'restorePoint.backups',
  jobs: 'restorePoint.jobs',
} as const;

/** Read by `when` clauses of the manifest, set by `setContext`. */
export const contextKeys = {
  /** `database` or `day`. */
  backupGrouping: 'restorePoint.backupGrouping',
  backupsFiltered: 'restorePoint.backupsFiltered',
  hasConnections: 'restorePoint.hasConnections',
  hasFinishedJobs: 'restorePoint.hasFinishedJobs',
  toolsMissing: 'restorePoint.toolsMissing',
  /** Paths of folders of the workspace that hold a directory dump. */
  directoryDumps: 'restorePoint.directoryDumps',
  /** Paths of folders of the workspace that hold a base backup. */
  baseBackups: 'restorePoint.baseBackups',
} as const;
export type ContextKey = (typeof contextKeys)[keyof typeof contextKeys];

/** Settings with the section `restorePoint.` before them. */
export const settingKeys = [
  'backups.folder',
  'backups.folders',
  'backups.format',
  'backups.verify',
  'backups.rowsMayFall',
  'backups.groupBy',
  'points.keep',
  'points.keepDays',
  'rehearsal.checks',
  'rehearsal.heapAllIndexed',
  'baseBackups.keep',
  'baseBackups.keepDays',
  'connections.discover',
  'contents.memory',
  'contents.disk',
  'tools.folders',
  'tools.prefix',
  'jobs.maxParallel',
] as const;
export type SettingKey = (typeof settingKeys)[number];

/** Type of the tasks in tasks.json. */
export const taskType = 'restore-point';

/** What such a task may say. */
export const taskKeys = [
  'task',
  'connection',
  'database',
  'options',
  // backing up
  'format',
  'preset',
  'folder',
  'verify',
  'notes',
  // restoring
  'artifact',
  'source',
  'sourceConnection',
  'strategy',
  // restore points
  'point',
] as const;
export type TaskKey = (typeof taskKeys)[number];

export const taskKinds = ['backup', 'restore', 'createPoint', 'goBack'] as const;
export const taskFormats = ['custom', 'directory', 'tar', 'plain'] as const;
export const taskVerifyLevels = ['checksum', 'contents'] as const;
export const taskStrategies = ['new', 'replace', 'in-place'] as const;
