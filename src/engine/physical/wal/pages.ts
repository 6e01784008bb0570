import * as l10n from '@vscode/l10n';
import { Crc32c } from '../../pgdata/restoring';
import { LONG_HEADER, SHORT_HEADER, pageFlags, type SegmentHeader } from './header';
import { lsnText } from './lsn';
import type { SegmentName } from './names';
import { CHAIN_ROOM, RecordChain, type Break, type RecordSink } from './records';
import type { WalFault } from './types';

/** Bytes that are looked at in one turn. */
const PIECE = 256 * 1024;

/** How a segment's records end. */
export type SegmentEnd =
  /** With the segment. */
  | 'full'
  /** By a switch to the next one: zeros follow. */
  | 'switched'
  /** Before its end, where nothing more was written. */
  | 'early'
  /** Where something is wrong. */
  | 'damaged';

/** How segments are walked over, and what becomes of their records. */
export interface WalkOptions {
  /** Takes the records that are whole and right. */
  records?: RecordSink;
  /** Segments come along the way to a timeline: one may go on in the next with a higher number of timeline. */
  isPath?: boolean;
}

/** What a walk over a whole segment found. */
export interface Walked {
  end: SegmentEnd;
  /** Where its records end, when that is before the segment's end. */
  lsn: string | null;
  records: number;
  faults: WalFault[];
}

/**
 * Walks over the pages of segments: every page's header, every record's checksum. Given segments of a timeline one after
 * another, it also checks the records that lie in two of them. Memory is one piece, whatever the size of a segment.
 */
export class PageWalker {
  readonly #memory = new Crc32c(PIECE + CHAIN_ROOM);
  readonly #zeros = Buffer.alloc(PIECE);
  #chain: RecordChain;
  /** Number of the segment that may come next, when its records go on from the last one. */
  #next: { timeline: number; high: number; low: number } | null = null;

  readonly #file: () => string;
  readonly #options: WalkOptions;
  #header!: SegmentHeader;
  #name!: SegmentName;
  #filled = 0;
  /** Bytes of the segment that were walked over. */
  #at = 0;
  #timeline = 0;
  #break: (Break & { offset: number }) | null = null;
  /** Pages after a break: as they would be if the WAL went on; others that are not zero. */
  #goesOn = false;
  #hasOlder = false;
  #afterEnd: number | null = null;
  #records = 0;
  #isContinuing = false;

  /** `file` names the segment in faults. */
  constructor(file: () => string, options: WalkOptions = {}) {
    this.#file = file;
    this.#options = options;
    this.#chain = new RecordChain(this.#memory, options.records);
  }

  /** Begins a segment, whose header was read. */
  begin(name: SegmentName, header: SegmentHeader): void {
    const next = this.#next;
    const goesOn =
      next !== null &&
      (next.timeline === name.timeline || (this.#options.isPath === true && next.timeline < name.timeline)) &&
      next.high === header.high &&
      next.low === header.low;
    if (!goesOn) this.#chain = new RecordChain(this.#memory, this.#options.records);
    this.#chain.switched = false;
    this.#records = this.#chain.records;
    this.#isContinuing = goesOn;
    this.#name = name;
    this.#header = header;
    this.#filled = 0;
    this.#at = 0;
    this.#timeline = header.timeline;
    this.#break = null;
    this.#goesOn = false;
    this.#hasOlder = false;
    this.#afterEnd = null;
    this.#next = null;
  }

  /** Takes the next bytes of the segment; more than it can have are read over. */
  take(part: Buffer): void {
    for (let from = 0; from < part.length;) {
      const size = Math.min(PIECE - this.#filled, part.length - from);
      part.copy(this.#memory.bytes, this.#filled, from, from + size);
      this.#filled += size;
      from += size;
      if (this.#filled === PIECE) this.#walk();
    }
  }

  /** Ends the segment. A page that was cut is not walked over: the segment's length is checked elsewhere. */
  finish(): Walked {
    this.#walk();
    const { segmentBytes, blockBytes } = this.#header;
    const found: Walked = {
      end: this.#chain.switched ? 'switched' : 'full',
      lsn: null,
      records: this.#chain.records - this.#records,
      faults: [],
    };
    const at = this.#break;
    if (at) {
      const isLastPage = at.offset >= segmentBytes - blockBytes;
      // A file that is still written to, and was another segment before, has that one's pages at its end.
      const isWrong = at.kind === 'wrong' && (!this.#hasOlder || isLastPage);
      found.end = this.#goesOn || isWrong ? 'damaged' : 'early';
      found.lsn = this.#lsn(at.offset);
      if (found.end === 'damaged')
        found.faults.push(this.#fault(at.at === 0 ? 'page' : 'record', at.offset, at.what));
    } else if (this.#at >= segmentBytes) {
      const low = this.#header.low + segmentBytes;
      this.#next = {
        timeline: this.#name.timeline,
        high: this.#header.high + (low >= 0x1_0000_0000 ? 1 : 0),
        low: low % 0x1_0000_0000,
      };
    }
    if (this.#afterEnd !== null)
      found.faults.push({
        ...this.#fault(
          'afterEnd',
          this.#afterEnd,
          l10n.t('Bytes that are not zero stand behind the switch to the next segment.'),
        ),
        harmless: true,
      });
    return found;
  }

  #walk(): void {
    const { blockBytes, segmentBytes } = this.#header;
    const whole = this.#filled - (this.#filled % blockBytes);
    for (let page = 0; page < whole && this.#at < segmentBytes; page += blockBytes) {
      this.#page(page);
      this.#at += blockBytes;
    }
    this.#memory.bytes.copy(this.#memory.bytes, 0, whole, this.#filled);
    this.#filled -= whole;
  }

  #page(page: number): void {
    const { blockBytes } = this.#header;
    const bytes = this.#memory.bytes;
    if (this.#chain.switched) return this.#empty(page, page + blockBytes);
    const wrong = this.#headerFault(page);
    if (this.#break) {
      const place = this.#placeOf(page);
      if (place === 0) this.#goesOn = true;
      else if (place < 0) this.#hasOlder = true;
      return;
    }
    if (wrong) {
      const isZero = this.#isZero(page, page + blockBytes);
      const isOlder = this.#placeOf(page) < 0;
      if (isOlder) this.#hasOlder = true;
      const kind = isZero ? (this.#chain.missing ? 'torn' : 'end') : isOlder ? 'end' : 'wrong';
      this.#stop(page, { at: 0, kind, what: wrong });
      return;
    }
    this.#timeline = bytes.readUInt32LE(page + 4);
    const begins = this.#enter(page);
    if (typeof begins !== 'number') return this.#stop(page, begins);
    const found = this.#chain.take(
      begins,
      page + blockBytes,
      page,
      this.#header.high,
      this.#header.low + this.#at,
    );
    if (found) this.#stop(page, found);
  }

  /** Where records begin or go on in a page, or why they do not. */
  #enter(page: number): number | Break {
    const bytes = this.#memory.bytes;
    const info = bytes.readUInt16LE(page + 2);
    const rest = bytes.readUInt32LE(page + 16);
    const begins = page + (info & pageFlags.long ? LONG_HEADER : SHORT_HEADER);
    const wrong = (what: string): Break => ({ at: 0, kind: 'wrong', what });
    const isContinued = (info & pageFlags.continued) !== 0;
    if (this.#at === 0 && !this.#isContinuing) {
      if (isContinued) this.#chain.skip(rest);
      return begins;
    }
    if (info & pageFlags.overwritten) this.#chain.abandon();
    else if (isContinued !== this.#chain.missing > 0)
      return wrong(
        isContinued
          ? l10n.t('The page goes on with a record that was not begun.')
          : l10n.t('The page does not go on with the record that was begun.'),
      );
    else if (isContinued && rest !== this.#chain.missing)
      return wrong(
        l10n.t('{0} bytes of a record are missing, and the page has {1}.', this.#chain.missing, rest),
      );
    return begins;
  }

  /** What is wrong with a page's header (`XLogReaderValidatePageHeader`). */
  #headerFault(page: number): string | null {
    const bytes = this.#memory.bytes;
    const { magic, high, low, systemIdentifier, segmentBytes, blockBytes } = this.#header;
    const found = bytes.readUInt16LE(page);
    if (found !== magic) return l10n.t('The page does not begin as pages of WAL do.');
    const info = bytes.readUInt16LE(page + 2);
    const isFirst = this.#at === 0;
    if ((info & ~pageFlags.all) !== 0 || ((info & pageFlags.long) !== 0) !== isFirst)
      return l10n.t('The page has flags that cannot be: {0}.', info);
    const foundLow = bytes.readUInt32LE(page + 8);
    const foundHigh = bytes.readUInt32LE(page + 12);
    if (foundHigh !== high || foundLow !== low + this.#at)
      return l10n.t(
        'The page has the address {0}, not {1}.',
        lsnText(foundHigh, foundLow),
        this.#lsn(this.#at),
      );
    const timeline = bytes.readUInt32LE(page + 4);
    if (timeline < this.#timeline || timeline > this.#name.timeline)
      return l10n.t('The page is of timeline {0}, not {1}.', timeline, this.#name.timeline);
    if (
      isFirst &&
      (bytes.readBigUInt64LE(page + 24).toString() !== systemIdentifier ||
        bytes.readUInt32LE(page + 32) !== segmentBytes ||
        bytes.readUInt32LE(page + 36) !== blockBytes)
    )
      return l10n.t('The page does not begin as pages of WAL do.');
    return null;
  }

  /** Where a page belongs: here (0), before (negative: left by the file's earlier use), or nowhere that can be told (1). */
  #placeOf(page: number): number {
    const bytes = this.#memory.bytes;
    if (bytes.readUInt16LE(page) !== this.#header.magic) return 1;
    const high = bytes.readUInt32LE(page + 12) - this.#header.high;
    const low = bytes.readUInt32LE(page + 8) - this.#header.low - this.#at;
    return Math.min(1, high || low);
  }

  #stop(page: number, found: Break): void {
    // Pages are written whole: behind the last record there are zeros.
    const isFollowed = found.at > 0 && !this.#isZero(page + found.at, page + this.#header.blockBytes);
    const { high, low } = this.#chain.begins;
    const begins = high === this.#header.high ? Math.max(0, low - this.#header.low) : 0;
    this.#break = {
      ...found,
      kind: isFollowed ? 'wrong' : found.kind,
      offset: found.isRecord ? begins : this.#at + found.at,
    };
  }

  #empty(from: number, to: number): void {
    if (this.#afterEnd === null && !this.#isZero(from, to)) this.#afterEnd = this.#at;
  }

  #isZero(from: number, to: number): boolean {
    return this.#memory.bytes.compare(this.#zeros, 0, to - from, from, to) === 0;
  }

  #lsn(offset: number): string {
    return lsnText(this.#header.high, this.#header.low + offset);
  }

  #fault(kind: WalFault['kind'], offset: number, what: string): WalFault {
    return { file: this.#file(), kind, offset, lsn: this.#lsn(offset), what };
  }
}
