export { measuredDefaults } from './compression';
export { exactPattern, matchName, matchRelation } from './patterns';
export type * from './types';
