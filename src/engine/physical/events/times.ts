import { openDecoded, SegmentInspector, type RecordSink, type WalSource } from '../wal';
import { parseEnd } from './ends';
import { RecordParts } from './parts';
import type { PathSegment } from './path';
import { rmgr, XACT_OPMASK, xactKinds } from './rmgr';

/** Takes the time of the first transaction that ends. */
class FirstTime implements RecordSink {
  readonly #parts = new RecordParts();
  readonly #major: number;
  time: number | null = null;

  constructor(major: number) {
    this.#major = major;
  }

  wants(header: Buffer): boolean {
    const kind = header[16]! & XACT_OPMASK;
    return (
      this.time === null &&
      header[17] === rmgr.xact &&
      (kind === xactKinds.commit || kind === xactKinds.abort)
    );
  }

  record(header: Buffer, bytes: Buffer, from: number, to: number): void {
    if (!this.#parts.parse(bytes, from, to)) return;
    const { mainAt, mainBytes } = this.#parts;
    const end = parseEnd(bytes, mainAt, mainAt + mainBytes, header[16]!, this.#major);
    if (this.time === null && end) this.time = end.time;
  }
}

async function firstTime(
  source: WalSource,
  { file, name }: PathSegment,
  major: number,
  signal: AbortSignal | undefined,
): Promise<number | null> {
  const first = new FirstTime(major);
  const inspector = new SegmentInspector({ pages: true, walk: { records: first } });
  inspector.begin(file.path, name);
  try {
    const { parts } = await openDecoded(source, file, signal ? { signal } : {});
    for await (const part of parts) {
      inspector.take(part);
      if (first.time !== null) break;
    }
    if (first.time === null) inspector.finish();
  } catch {
    // What cannot be read has no time; the scan says why.
    signal?.throwIfAborted();
  }
  return first.time;
}

/**
 * How many of the segments hold nothing that is later than a time, but for the last of them: found by halving, as times grow along the
 * WAL unless the clock was set back.
 */
export async function segmentsUpTo(
  source: WalSource,
  segments: readonly PathSegment[],
  time: number,
  { major, signal }: { major: number; signal?: AbortSignal | undefined },
): Promise<number> {
  let low = 0;
  let high = segments.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    let at = middle;
    let found: number | null = null;
    for (; at < high && found === null; at++) found = await firstTime(source, segments[at]!, major, signal);
    if (found !== null && found <= time) low = at;
    else high = middle;
  }
  return low;
}
