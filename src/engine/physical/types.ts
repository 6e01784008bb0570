/** Types for those who need no more: pages. */
export type * from './recovery/types';
