export { brokenWithout, chainOf, chainsOf, childrenOf } from './chains';
export { combinerFor, combineSteps, placedBeside } from './combine';
export { expiredSets, refuseIfNeeded, type KeepSets } from './expire';
export { brokenChain, readSetAt, readSets, wholeChain } from './read';
export { baseContents, type BaseContents, type SizeOf } from './contents';
export { bringsWal, verifyBaseBackup, type VerifiedBase, type VerifyBaseOptions } from './verify';
export type * from './types';
