/** Resource managers (access/rmgrlist.h of PostgreSQL), and those kinds of their records that tell of events. */
export const rmgr = {
  xlog: 0,
  xact: 1,
  smgr: 2,
  database: 4,
  relmap: 7,
  standby: 8,
  heap2: 9,
  heap: 10,
} as const;

/** The upper half of a record's `xl_info`. catalog/pg_control.h */
export const xlogKinds = { restorePoint: 0x70, imageForHint: 0xa0, image: 0xb0 } as const;
/** access/xact.h: after XLOG_XACT_OPMASK. */
export const xactKinds = { commit: 0x00, abort: 0x20, commitPrepared: 0x30, abortPrepared: 0x40 } as const;
export const XACT_OPMASK = 0x70;
/** catalog/storage_xlog.h */
export const SMGR_CREATE = 0x10;
/** commands/dbcommands_xlog.h, since 15. */
export const DATABASE_DROP = 0x20;
/** utils/relmapper.h */
export const RELMAP_UPDATE = 0x00;
/** storage/standbydefs.h */
export const standbyKinds = { lock: 0x00, runningXacts: 0x10 } as const;
/** access/heapam_xlog.h: after XLOG_HEAP_OPMASK. */
export const HEAP_OPMASK = 0x70;
export const heapKinds = {
  insert: 0x00,
  delete: 0x10,
  update: 0x20,
  truncate: 0x30,
  hotUpdate: 0x40,
} as const;
/** The row was inserted and taken back at once; it moved to another partition (flags of xl_heap_delete). */
export const DELETE_IS_NONE = 0x08 | 0x10;
/** Flags of xl_heap_update: bytes that the new row has of the old one, at its beginning and its end. */
export const updateFlags = { prefix: 0x20, suffix: 0x40 } as const;
