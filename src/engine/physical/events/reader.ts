import { lsnText, type RecordSink } from '../wal';
import type { CatalogPages } from './catalog';
import { parseEnd, timeAt, timeText } from './ends';
import { FIRST_NORMAL, parseFileMap, PG_CLASS, SHARED, type Names, type RelationName } from './names';
import { pageOf } from './pages';
import { RecordParts, type BlockPart } from './parts';
import {
  DATABASE_DROP,
  DELETE_IS_NONE,
  HEAP_OPMASK,
  heapKinds,
  RELMAP_UPDATE,
  rmgr,
  SMGR_CREATE,
  standbyKinds,
  updateFlags,
  XACT_OPMASK,
  xactKinds,
  xlogKinds,
} from './rmgr';
import { Transactions } from './transactions';
import type { WalEvent } from './types';

/** An event before its timeline is put to it. */
export type FoundEvent = WalEvent extends infer Event
  ? Event extends unknown
    ? Omit<Event, 'timeline'>
    : never
  : never;

/** xl_heap_header: two masks, and how long the header of the row is. */
const ROW_HEADER = 5;
/** Bytes of a row's header that the WAL leaves out (SizeofHeapTupleHeader). */
const LEFT_OUT = 23;

/**
 * Reads events out of records of 15 to 18: commits (xl_xact_commit), what the transactions did before, named restore points, and the
 * changes of catalogs that tell names. Sources: access/xact.h, access/heapam_xlog.h, catalog/storage_xlog.h, storage/standbydefs.h.
 */
export class EventReader implements RecordSink {
  readonly #names: Names;
  readonly #transactions: Transactions;
  readonly #found: (event: FoundEvent, time: number) => void;
  readonly #parts = new RecordParts();

  constructor(names: Names, leastRows: number, found: (event: FoundEvent, time: number) => void) {
    this.#names = names;
    this.#transactions = new Transactions(names, leastRows);
    this.#found = found;
  }

  wants(header: Buffer): boolean {
    const manager = header[17]!;
    switch (manager) {
      case rmgr.xlog: {
        const kind = header[16]! & 0xf0;
        return kind === xlogKinds.restorePoint || kind === xlogKinds.image || kind === xlogKinds.imageForHint;
      }
      case rmgr.xact:
      case rmgr.smgr:
      case rmgr.database:
      case rmgr.relmap:
      case rmgr.standby:
      case rmgr.heap:
      case rmgr.heap2:
        return true;
      default:
        // Indexes: what is written to files that the same transaction made.
        return this.#transactions.makesFiles(header.readUInt32LE(4));
    }
  }

  record(header: Buffer, bytes: Buffer, from: number, to: number, high: number, low: number): void {
    const parts = this.#parts;
    const manager = header[17]!;
    const info = header[16]! & 0xf0;
    if (!parts.parse(bytes, from, to)) {
      // One that is longer than what is kept of it has no pages, and its own data at its beginning.
      if (manager !== rmgr.xact || parts.blocks > 0) return;
      parts.mainAt = from + 5;
      parts.mainBytes = to - parts.mainAt;
    }
    const xid = header.readUInt32LE(4);
    const at = parts.mainAt;
    switch (manager) {
      case rmgr.xact:
        return this.#ends(bytes, xid, header[16]!, { high, low });
      case rmgr.xlog:
        if (info === xlogKinds.restorePoint) return this.#restorePoint(bytes, { high, low });
        break;
      case rmgr.smgr:
        // xl_smgr_create: the file, then its fork.
        if (info === SMGR_CREATE && bytes.readUInt32LE(at + 12) === 0)
          this.#transactions.creates(xid, bytes.readUInt32LE(at + 4), bytes.readUInt32LE(at + 8));
        return;
      case rmgr.database:
        if (info === DATABASE_DROP) this.#transactions.empties(xid, bytes.readUInt32LE(at), { high, low });
        return;
      case rmgr.relmap:
        if (info === RELMAP_UPDATE) this.#mapped(bytes);
        return;
      case rmgr.standby:
        return this.#standby(bytes, info, { high, low });
      default:
    }
    this.#pages(bytes, manager, header[16]!, xid, high * 0x1_0000_0000 + low);
  }

  #ends(bytes: Buffer, xid: number, info: number, { high, low }: { high: number; low: number }): void {
    const { mainAt, mainBytes } = this.#parts;
    const kind = info & XACT_OPMASK;
    const isCommit = kind === xactKinds.commit || kind === xactKinds.commitPrepared;
    if (!isCommit && kind !== xactKinds.abort && kind !== xactKinds.abortPrepared) return;
    const end = parseEnd(bytes, mainAt, mainAt + mainBytes, info, this.#names.major);
    if (!end) return;
    const own = end.xid ?? xid;
    if (!isCommit) return this.#transactions.abort(own, end);
    const { database, effects, more, before } = this.#transactions.commit(own, end);
    const lsn = lsnText(high, low);
    this.#found(
      {
        kind: 'commit',
        xid: String(own),
        lsn,
        before: before ? lsnText(before.high, before.low) : lsn,
        time: timeText(end.time),
        database,
        effects,
        ...(more > 0 ? { more } : {}),
      },
      end.time,
    );
  }

  /** xl_restore_point: a time, and a name of 64 bytes. */
  #restorePoint(bytes: Buffer, { high, low }: { high: number; low: number }): void {
    const at = this.#parts.mainAt;
    const time = timeAt(bytes, at);
    const ends = bytes.indexOf(0, at + 8);
    const name = bytes.toString('utf8', at + 8, Math.min(ends < 0 ? Infinity : ends, at + 72));
    this.#found({ kind: 'restorePoint', name, lsn: lsnText(high, low), time: timeText(time) }, time);
  }

  /** xl_relmap_update: a database, its tablespace, a length, and a `pg_filenode.map`. */
  #mapped(bytes: Buffer): void {
    const { mainAt, mainBytes } = this.#parts;
    const database = bytes.readUInt32LE(mainAt);
    const map = parseFileMap(bytes.subarray(mainAt + 12, mainAt + mainBytes));
    if (map) this.#names.place(database, map);
  }

  #standby(bytes: Buffer, info: number, place: { high: number; low: number }): void {
    const { mainAt: at, mainBytes } = this.#parts;
    // xl_standby_locks: a number, then transaction, database and relation of each.
    if (info === standbyKinds.lock)
      for (let i = 0; i < bytes.readUInt32LE(at) && 4 + (i + 1) * 12 <= mainBytes; i++) {
        const lock = at + 4 + i * 12;
        this.#transactions.locks(
          bytes.readUInt32LE(lock),
          bytes.readUInt32LE(lock + 4),
          bytes.readUInt32LE(lock + 8),
          place,
        );
      }
    // xl_running_xacts: two numbers, a flag, the next transaction, and the oldest that runs.
    if (info === standbyKinds.runningXacts) this.#transactions.forgetBefore(bytes.readUInt32LE(at + 16));
  }

  /** Records about pages: what they write to which file, rows that are deleted, catalogs. */
  #pages(bytes: Buffer, manager: number, info: number, xid: number, lsn: number): void {
    const parts = this.#parts;
    if (parts.blocks === 0) return;
    const first = parts.block(0);
    const areRows = manager === rmgr.heap || manager === rmgr.heap2;
    if (xid !== 0) {
      const work = this.#transactions.touch(xid, first.database);
      if (work.created) this.#transactions.writes(work, first.file, areRows);
    }
    if (manager === rmgr.heap && (info & HEAP_OPMASK) === heapKinds.delete) {
      // xl_heap_delete: a transaction, a row, bits, and flags.
      const isNone = (bytes[parts.mainAt + 7]! & DELETE_IS_NONE) !== 0;
      if (!isNone && first.database !== SHARED && first.file >= FIRST_NORMAL)
        this.#transactions.deletes(xid, first.database, first.file);
      if (first.database === SHARED && this.#names.isDatabases(first.file))
        this.#transactions.dropsDatabase(xid);
    }
    if (!areRows && manager !== rmgr.xlog) return;
    const catalog = this.#names.catalog(first.database, first.file);
    if (catalog) this.#catalog(catalog, bytes, { manager, info, xid, lsn });
  }

  #catalog(
    catalog: CatalogPages<unknown>,
    bytes: Buffer,
    record: { manager: number; info: number; xid: number; lsn: number },
  ): void {
    const parts = this.#parts;
    for (let i = 0; i < parts.blocks; i++) {
      const part = parts.block(i);
      if (part.fork !== 0 || part.file !== parts.block(0).file || !part.hasImage) continue;
      const page = pageOf(bytes, part);
      if (page) catalog.setPage(part.block, page, record.lsn + 1);
    }
    const { manager, info, xid, lsn } = record;
    if (manager !== rmgr.heap) return;
    const kind = info & HEAP_OPMASK;
    const target = parts.block(0);
    const isUpdate = kind === heapKinds.update || kind === heapKinds.hotUpdate;
    if (kind !== heapKinds.insert && !isUpdate) return;
    // The row that is written: xl_heap_insert begins with it, xl_heap_update ends with it.
    const offset = bytes.readUInt16LE(parts.mainAt + (isUpdate ? 12 : 0));
    if (target.hasData && !catalog.has(target.block, lsn))
      if (isUpdate) this.#update(catalog, bytes, offset);
      else catalog.set(target.block, offset, dataOf(bytes, target.dataAt, target));
    const row = catalog.oid === PG_CLASS ? catalog.row(target.block, offset) : null;
    if (row && xid !== 0) this.#transactions.names(xid, target.database, row as RelationName);
  }

  #update(catalog: CatalogPages<unknown>, bytes: Buffer, offset: number): void {
    const parts = this.#parts;
    const target = parts.block(0);
    const oldOffset = bytes.readUInt16LE(parts.mainAt + 4);
    const flags = bytes[parts.mainAt + 7]!;
    const oldBlock = parts.blocks > 1 ? parts.block(1).block : target.block;
    let at = target.dataAt;
    const length = (flag: number): number => {
      if (!(flags & flag)) return 0;
      at += 2;
      return bytes.readUInt16LE(at - 2);
    };
    const prefix = length(updateFlags.prefix);
    const suffix = length(updateFlags.suffix);
    const middle = dataOf(bytes, at, target);
    catalog.setChanged([target.block, offset], [oldBlock, oldOffset], { prefix, suffix, middle });
  }
}

/** A row's data, behind xl_heap_header, its null bitmap and what fills that up. */
function dataOf(bytes: Buffer, at: number, { dataAt, dataBytes }: BlockPart): Buffer {
  const hoff = bytes[at + ROW_HEADER - 1]!;
  return bytes.subarray(at + ROW_HEADER + hoff - LEFT_OUT, dataAt + dataBytes);
}
