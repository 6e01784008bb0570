/** What a cluster's data directory and a base backup hold, read natively; knows files, not artifacts. */
export { identifyBaseBackup, layoutOf, RECOVERED, tablespacesBeside, tarsOf, type BaseTar } from './identify';
export { checkBaseBackup, readBackupManifest, readBaseControl, readBaseFacts } from './late';
export { startTime } from './startTime';
export type { Checked, CheckOptions } from './check';
export type { ListedFile, ManifestFacts } from './manifest';
export type * from './types';
