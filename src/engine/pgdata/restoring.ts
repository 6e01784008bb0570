/** What making, checking and restoring base backups needs, a door of its own: lists of backups only look at names. */
export * from './index';
export { copyWalAtRest, readClusterState, versionFolder, walAtRest, type ClusterState } from './atRest';
export { parseControlFile, type ControlFile } from './control';
export { copyCluster, copyControlAgain, type CopiedTablespace, type CopyOptions } from './copy';
export { Crc32c } from './crc32c';
export { createDigest, type Algorithm } from './digest';
export { readEnds } from './ends';
export { isSegmentName } from './wal';
export { parseBackupLabel, parseTablespaceMap, type BackupLabel } from './label';
export { formatLsn, isSegmentSize, parseLsn, segmentName, segmentsOf } from './lsn';
export { listCopy } from './listCopy';
export { ManifestWriter } from './manifestWriter';
export { linkedTablespaces, readControlFile, readMajor } from './read';
export { sourceBytes } from './sourceEntries';
export { pickFiles } from './pick';
export { placeBaseBackup, type PlaceOptions } from './place';
export { isFolder, readPieces, tablespaceFolder, walkData, type WalkedFile } from './walk';
