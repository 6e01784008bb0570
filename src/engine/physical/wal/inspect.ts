import * as l10n from '@vscode/l10n';
import { formatBytes } from '../../format';
import { LONG_HEADER, headerFault, parseHeader, type Expected, type SegmentHeader } from './header';
import type { SegmentName } from './names';
import { PageWalker, type SegmentEnd, type WalkOptions } from './pages';
import type { WalFault } from './types';

/** What was found in one segment. */
export interface Inspected {
  header: SegmentHeader | null;
  /** Null where its pages were not walked over. */
  end: SegmentEnd | null;
  /** Where its records end, when that is before its end. */
  endLsn: string | null;
  records: number;
  /** Decoded. */
  bytes: number;
  faults: WalFault[];
}

/**
 * Looks at segments as their decoded bytes come: name, first page, length, and with `pages` every page and record. One after
 * another, in their order: records that lie in two segments are then checked as well.
 */
export class SegmentInspector {
  readonly #walker: PageWalker | null;
  readonly #expected: Expected;
  #file = '';
  #name!: SegmentName;
  #head = Buffer.alloc(0);
  #header: SegmentHeader | null = null;
  #bytes = 0;
  #faults: WalFault[] = [];

  constructor({ pages, walk, ...expected }: Expected & { pages: boolean; walk?: WalkOptions }) {
    this.#walker = pages ? new PageWalker(() => this.#file, walk) : null;
    this.#expected = expected;
  }

  begin(file: string, name: SegmentName): void {
    this.#file = file;
    this.#name = name;
    this.#head = Buffer.alloc(0);
    this.#header = null;
    this.#bytes = 0;
    this.#faults = [];
  }

  take(part: Buffer): void {
    this.#bytes += part.length;
    if (this.#header) {
      this.#walker?.take(part);
      return;
    }
    if (this.#head.length >= LONG_HEADER) return;
    this.#head = Buffer.concat([this.#head, part]);
    if (this.#head.length < LONG_HEADER) return;
    this.#header = parseHeader(this.#head);
    if (!this.#header) return;
    const wrong = headerFault(this.#file, this.#name, this.#header, this.#expected);
    if (wrong) this.#faults.push(wrong);
    this.#walker?.begin(this.#name, this.#header);
    this.#walker?.take(this.#head);
  }

  /**
   * Ends the segment. `bytes`: its length decoded, where that is known without reading it, null where it is not; else all of
   * it was given. `damage`: why no more could be read.
   */
  finish({ bytes = this.#bytes, damage }: { bytes?: number | null; damage?: string } = {}): Inspected {
    const found: Inspected = {
      header: this.#header,
      end: null,
      endLsn: null,
      records: 0,
      bytes: this.#bytes,
      faults: this.#faults,
    };
    if (damage !== undefined) this.#faults.push(this.#fault('unreadable', damage));
    if (!this.#header) {
      if (damage === undefined) this.#faults.push(this.#noSegment());
      return found;
    }
    const { segmentBytes } = this.#header;
    if (bytes !== null && damage === undefined && bytes !== segmentBytes)
      this.#faults.push({
        ...this.#fault('size', sizeText(bytes, segmentBytes)),
        offset: Math.min(bytes, segmentBytes),
      });
    if (!this.#walker) return found;
    const walked = this.#walker.finish();
    // What a wrong name or another cluster makes of every page is said once.
    if (!this.#faults.some(({ kind }) => kind === 'name' || kind === 'foreign'))
      found.faults.push(...walked.faults);
    return { ...found, end: walked.end, endLsn: walked.lsn, records: walked.records };
  }

  #noSegment(): WalFault {
    if (this.#bytes === 0) return this.#fault('empty', l10n.t('It has no bytes.'));
    if (this.#head.every((byte) => byte === 0))
      return this.#fault('zeros', l10n.t('It begins with zeros: nothing was written to it.'));
    return this.#fault('notWal', l10n.t('It does not begin as a segment of WAL does.'));
  }

  #fault(kind: WalFault['kind'], what: string): WalFault {
    return { file: this.#file, kind, offset: null, lsn: null, what };
  }
}

function sizeText(bytes: number, wanted: number): string {
  return bytes < wanted
    ? l10n.t('It ends after {0} of {1} bytes.', bytes, wanted)
    : l10n.t('It is longer ({0}) than a segment ({1}).', formatBytes(bytes), formatBytes(wanted));
}
