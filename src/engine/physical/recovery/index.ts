export { chooseWindow, reachOf } from './choose';
export { recoveryMaps } from './map';
export { readGround, readRecoveryMaps, type RecoveryGround, type RecoveryPlaces } from './read';
export { lastSegment, recoveryWindows } from './windows';
export { windowInWords } from './words';
export type * from './mapTypes';
export type * from './types';
