export { commitAt } from './commitAt';
export { timeFrom } from './ends';
export { scanEvents, type ScanContext } from './scan';
export type * from './types';
export { effectText } from './words';
