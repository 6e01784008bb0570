/** The backups of one database over time. */
export { findRow, type FoundInBackup } from './findRow';
export { objectHistory, objectInBackup, objectsOf } from './late';
export type { HistoryObject, HistoryReading, ObjectInBackup } from './objects';
export { historyOf, tableHistory, type HistoryPoint } from './series';
export { spanOf, spanText, type Span } from './span';
