/** The physical half: base backups and their chains, WAL archives, and what both together can be recovered to. */
export * from './archiving';
export * from './events';
export * from './recovery';
export * from './sets';
export * from './wal';
