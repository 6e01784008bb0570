/** Restore points: states of a database that can be gone back to. */
export { freeName, keptName, rehearsalName, restoringName } from './names';
export { halfMadeComment, markerComment, parseMarker, type Marker } from './marker';
export { carryStatements, databaseProperties, type DatabaseProperties } from './properties';
export { keptDatabases, keptDumps, newestFirst } from './list';
export type * from './types';
