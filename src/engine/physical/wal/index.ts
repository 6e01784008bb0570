export { readWalArchive, walNames } from './archive';
export { checkWal, type CheckOptions, type WalChecked } from './check';
export { cleanWal, planWalCleanup, type Needed, type Removable, type WalCleanup } from './cleanup';
export { available as availableCompression, walCompressions, type WalCompression } from './encode';
export { openDecoded } from './decoded';
export { fetchWal, type Fetched, type FetchOptions } from './fetch';
export { isWalArchive, WalFolder } from './folder';
export { checkSegments, missingSegments, stampOf } from './needed';
export { parseHistory, type HistoryEntry } from './history';
export { headerFault, parseHeader, type SegmentHeader } from './header';
export { SegmentInspector } from './inspect';
export { formatLsn, lsnText, parseLsn, type Lsn } from './lsn';
export { historyName, parseWalName, suffixOf, type SegmentName, type WalName } from './names';
export { pushWal, type Pushed, type PushOptions } from './push';
export type { RecordSink } from './records';
export {
  DEFAULT_SEGMENT_BYTES,
  isSegmentSize,
  segmentBefore,
  segmentName,
  segmentNumber,
  segmentOf,
  segmentStart,
  segmentsBetween,
} from './segments';
export type * from './types';
