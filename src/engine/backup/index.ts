/** Backing up: requests in, plans out. */
export { measuredDefaults } from './compression';
export { chooseDatabases } from './databases';
export { methods, planBackup } from './methods';
export { exactPattern, matchName, matchRelation } from './patterns';
export { planCopyIn } from './copyIn';
export { PresetStore, answersOf, type Answered, type Preset } from './presets';
export { previewFile, previewRows, type Preview } from './preview';
export type * from './types';
