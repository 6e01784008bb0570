/** Backing up: requests in, plans out. */
export { planCombine, type CombineBackupRequest } from './base/combine';
export { planExpireBackups } from './base/expire';
export { hbaLine } from './base/probe';
export { measuredDefaults } from './compression';
export { chooseDatabases } from './databases';
export { methods, planBackup } from './methods';
export { planOffline } from './offline';
export { exactPattern, matchName, matchRelation } from './patterns';
export { planCopyIn } from './copyIn';
export { checkReceive, planReceive, type ReceiveContext, type ReceiveRequest } from './receiveWal';
export { PresetStore, answersOf, type Answered, type Preset } from './presets';
export { previewFile, previewRows, type Preview } from './preview';
export type * from './types';
