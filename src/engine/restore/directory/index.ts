export { planRestoreDirectory } from './plan';
export type * from './types';
