export { openArtifactSide } from './artifact';
export { openLiveSide } from './live';
export { tableKey, type ObjectDigest, type OpenSide, type SideTable, type TablePart } from './types';
