import * as l10n from '@vscode/l10n';
import { Crc32c } from '../../pgdata/restoring';
import { lsnText } from './lsn';

/** Bytes of XLogRecord (xlogrecord.h of PostgreSQL), and where its checksum stands. */
const HEADER = 24;
const CRC_AT = 20;
/** No record can be larger: more would not fit into one allocation of the server. */
const MOST = 0x3fff_ffff;
/** The resource manager and the kind of the record that ends a segment early (`pg_switch_wal`). */
const RM_XLOG = 0;
const XLOG_SWITCH = 0x40;

/** Bytes that are kept of a record that lies in several pages. */
const MOST_KEPT = 16 * 1024 * 1024;

/** Takes records once their checksum was found right. */
export interface RecordSink {
  /** Whether it is to be given a record, by its header (XLogRecord, 24 bytes). */
  wants(header: Buffer): boolean;
  /**
   * A record that begins at `high`/`low`; `bytes[from..to]` is what follows its header, cut after 16 MB. The bytes are another's
   * after the call.
   */
  record(header: Buffer, bytes: Buffer, from: number, to: number, high: number, low: number): void;
}

/** Why records do not go on. */
export interface Break {
  /** Byte of the page behind what was read of the record, or where none begins. */
  at: number;
  /** It is about the record that was begun (`begins`), else about the place. */
  isRecord?: boolean;
  /** `end`: nothing was written there. `torn`: zeros take the place of a record's end. `wrong`: something is written there that does not fit. */
  kind: 'end' | 'torn' | 'wrong';
  what: string;
}

/**
 * Follows records through pages, as xlogreader.c of PostgreSQL does: lengths, the link of each to the one before, and
 * checksums. The data of a record is not kept, but for a sink that wants it.
 */
export class RecordChain {
  readonly #memory: Crc32c;
  readonly #bytes: Buffer;
  readonly #header = Buffer.alloc(HEADER);
  #headerLength = 0;
  /** Of the record that was begun: bytes still to come. */
  #missing = 0;
  #running = 0;
  /** Whether its beginning was seen; else its checksum cannot be known. */
  #whole = true;
  #high = 0;
  #low = 0;
  readonly #sink: RecordSink | undefined;
  #isWanted = false;
  /** What was kept of a wanted record that is not in one piece. */
  #kept = Buffer.alloc(0);
  #keptLength = 0;
  /** Where the data of the record lies that is wanted and in one piece; else in what was kept. */
  #piece: { from: number; to: number } | null = null;
  /** Where the last record began that was whole; high is -1 where that is not known. */
  #previousHigh = -1;
  #previousLow = 0;
  /** Records that were whole and right. */
  records = 0;
  /** A switch to the next segment was met: the rest of this one is empty. */
  switched = false;

  constructor(memory: Crc32c, sink?: RecordSink) {
    this.#memory = memory;
    this.#sink = sink;
    this.#bytes = memory.bytes;
  }

  /** Bytes that the next page must begin with, of a record that was begun. */
  get missing(): number {
    return this.#missing;
  }

  /** The address of the record that was begun, in halves. */
  get begins(): { high: number; low: number } {
    return { high: this.#high, low: this.#low };
  }

  /** Goes on behind the beginning of a record that was not seen. */
  skip(bytes: number): void {
    this.#missing = bytes;
    this.#whole = false;
    this.#isWanted = false;
    this.#headerLength = HEADER;
  }

  /** Forgets a record that was begun and never ended. */
  abandon(): void {
    this.#missing = 0;
  }

  /**
   * Takes the rest of a page: `from` and `to` are bytes in memory, the page begins at `page` and has the address
   * `high`/`low`. Returns why it cannot go on; null when it can.
   */
  take(from: number, to: number, page: number, high: number, low: number): Break | null {
    const bytes = this.#bytes;
    for (let at = from; at < to;) {
      if (this.#missing === 0) {
        const length = bytes.readUInt32LE(at);
        const wrong = lengthFault(length);
        if (wrong) return { at: at - page, ...wrong };
        this.#missing = length;
        this.#headerLength = 0;
        this.#whole = true;
        this.#isWanted = false;
        this.#high = high;
        this.#low = low + at - page;
      }
      let size = Math.min(this.#missing, to - at);
      this.#missing -= size;
      if (this.#headerLength < HEADER) {
        const taken = Math.min(size, HEADER - this.#headerLength);
        bytes.copy(this.#header, this.#headerLength, at, at + taken);
        this.#headerLength += taken;
        at += taken;
        size -= taken;
        if (this.#headerLength === HEADER) {
          const wrong = this.#linkFault();
          // A checksum is not zero, but for once in 2^32.
          const isTorn = this.#header.readUInt32LE(CRC_AT) === 0;
          if (wrong) return { at: at - page, isRecord: true, kind: isTorn ? 'torn' : 'wrong', what: wrong };
          this.#running = Crc32c.BEGIN;
          this.#isWanted = this.#sink?.wants(this.#header) ?? false;
          this.#keptLength = 0;
        }
      }
      if (size > 0 && this.#whole) this.#running = this.#memory.over(at, at + size, this.#running);
      if (this.#isWanted) this.#keep(at, size);
      at += size;
      if (this.#missing > 0) return null;
      const wrong = this.#finish(at, from);
      if (wrong) return { at: at - page, isRecord: true, ...wrong };
      // Records begin at multiples of 8 (MAXALIGN), and so do pages.
      at += -(at - page) & 7;
      if (this.switched) return null;
    }
    return null;
  }

  /** Data that lies in one page stays where it is. */
  #keep(at: number, size: number): void {
    this.#piece = this.#missing === 0 && this.#keptLength === 0 ? { from: at, to: at + size } : null;
    if (this.#piece) return;
    const taken = Math.min(size, MOST_KEPT - this.#keptLength);
    if (this.#keptLength + taken > this.#kept.length) {
      const larger = Buffer.allocUnsafe(Math.max(2 * this.#kept.length, this.#keptLength + taken, 64 * 1024));
      this.#kept.copy(larger, 0, 0, this.#keptLength);
      this.#kept = larger;
    }
    this.#bytes.copy(this.#kept, this.#keptLength, at, at + taken);
    this.#keptLength += taken;
  }

  #give(): void {
    const [bytes, from, to] = this.#piece
      ? [this.#bytes, this.#piece.from, this.#piece.to]
      : [this.#kept, 0, this.#keptLength];
    this.#sink?.record(this.#header, bytes, from, to, this.#high, this.#low);
    // What one very long record took is not kept for the others.
    if (this.#kept.length > 1024 * 1024) this.#kept = Buffer.alloc(0);
  }

  #linkFault(): string | null {
    const low = this.#header.readUInt32LE(8);
    const high = this.#header.readUInt32LE(12);
    // pg_resetwal begins anew, and links its first record to nothing.
    const isFirst = this.records === 0 && high === 0 && low === 0;
    if (this.#previousHigh < 0 || isFirst || (high === this.#previousHigh && low === this.#previousLow))
      return null;
    return l10n.t(
      'The record at {0} says it follows the one at {1}, but that is at {2}.',
      lsnText(this.#high, this.#low),
      lsnText(high, low),
      lsnText(this.#previousHigh, this.#previousLow),
    );
  }

  #finish(at: number, least: number): Pick<Break, 'kind' | 'what'> | null {
    if (!this.#whole) return null;
    const header = this.#header;
    // The checksum is of the data first, then of the header before it.
    const crc = Crc32c.end(this.#overHeader());
    if (crc !== header.readUInt32LE(CRC_AT)) {
      const tail = this.#bytes.subarray(Math.max(least, at - 8), at);
      return {
        kind: tail.every((byte) => byte === 0) ? 'torn' : 'wrong',
        what: l10n.t(
          'The record at {0} does not fit its checksum (CRC-32C).',
          lsnText(this.#high, this.#low),
        ),
      };
    }
    this.records++;
    this.#previousHigh = this.#high;
    this.#previousLow = this.#low;
    if (this.#isWanted) this.#give();
    this.switched = header[17] === RM_XLOG && (header[16]! & 0xf0) === XLOG_SWITCH;
    return null;
  }

  /** The header goes through the same memory: there is room for it behind the data. */
  #overHeader(): number {
    const at = this.#bytes.length - HEADER;
    this.#header.copy(this.#bytes, at, 0, CRC_AT);
    return this.#memory.over(at, at + CRC_AT, this.#running);
  }
}

/** Room at the end of the memory that a chain needs for itself. */
export const CHAIN_ROOM = HEADER;

function lengthFault(length: number): Pick<Break, 'kind' | 'what'> | null {
  if (length === 0) return { kind: 'end', what: l10n.t('No record is written there.') };
  if (length >= HEADER && length <= MOST) return null;
  return { kind: 'wrong', what: l10n.t('A record of {0} bytes cannot be.', length) };
}
