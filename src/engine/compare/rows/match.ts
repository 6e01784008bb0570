import { randomBytes } from 'node:crypto';
import type { Fault } from '../../archive';
import { Alignment } from './alignment';
import { Matching } from './matching';
import type { RowSet } from './rowSet';
import type { RowTexts } from './rowTexts';
import { SideStream, type StreamOptions } from './sideStream';
import type { How, Rows } from './source';
import { Windows } from './windows';

/** What the first pass tells of both sides. */
export interface Matched {
  /** Rows without an equal on the other side, by side. */
  left: [RowSet, RowSet];
  rows: [number, number];
  /** By side: the number of the first row of each part, and of all rows. */
  starts: [number[], number[]];
  /** Where a side could not be read to its end. */
  faults: [Fault | null, Fault | null];
  /** Texts of these rows, by side; null where there were too many of them to be kept. */
  texts: [RowTexts | null, RowTexts | null];
  /** Rows are escaped as no server does it: they have to be read as UTF-8. */
  odd: boolean;
}

export interface MatchOptions {
  how: How;
  /** Indexes of the compared columns that count; others are on one side only. */
  counting: readonly number[];
  /** The folder that is made for what does not fit into memory. */
  folder: string;
  most?: number | undefined;
  /** Bytes of texts that are kept, for tests. */
  kept?: number | undefined;
  signal: AbortSignal;
  onRead(side: 0 | 1, bytes: number): void;
  /** What was read of both sides weighs so much, in the unit of the parts' `bytes`. */
  onWeight(weight: number): void;
}

/**
 * Reads both sides once, side by side, and finds the rows that are on one of them only. Rows are the same when the texts of
 * all columns that count are.
 */
export async function match(sides: [Rows, Rows], options: MatchOptions): Promise<Matched> {
  const matching = new Matching(options.folder, options.most);
  const seeds = seedsOf(sides, options.counting);
  const alignment = new Alignment(typeof seeds === 'bigint', matching);
  const windows = new Windows();
  const ofSides: StreamOptions = {
    ...{ how: options.how, seeds, kept: options.kept, signal: options.signal },
    onRead(side, bytes) {
      options.onRead(side, bytes);
      options.onWeight(left.weight + right.weight);
    },
  };
  const left = new SideStream(sides[0], 0, windows.both[0], ofSides);
  const right = new SideStream(sides[1], 1, windows.both[1], ofSides);
  const streams = [left, right] as const;
  try {
    for (;;) {
      options.signal.throwIfAborted();
      if (alignment.inStep) for (const stream of streams) await stream.fill();
      if (left.done && right.done) break;
      if (alignment.inStep && !left.done && !right.done) passSame(windows, streams, alignment);
      else if (await hashBehind(streams, alignment, matching)) {
        await matching.settle();
        for (const { texts } of streams) texts.giveUp();
      }
    }
    return {
      left: await matching.finish(),
      rows: [left.rows, right.rows],
      starts: [left.starts, right.starts],
      texts: [left.kept, right.kept],
      faults: [left.fault, right.fault],
      odd: left.odd || right.odd,
    };
  } finally {
    await Promise.all(streams.map((stream) => stream.close()));
    windows.release();
    await matching.close();
  }
}

type Streams = readonly [SideStream, SideStream];

/** Passes the rows that both sides have next. */
function passSame(windows: Windows, streams: Streams, alignment: Alignment): void {
  const { rows, differs } = windows.passSame();
  for (const stream of streams) stream.pass(rows);
  alignment.passed(rows);
  // Rows that do not fit into the windows are not compared there.
  if (differs || rows === 0) alignment.lost();
}

/** Hashes rows of the side that is behind; true when the matching has to be settled. */
async function hashBehind(
  [left, right]: Streams,
  alignment: Alignment,
  matching: Matching,
): Promise<boolean> {
  const alone = left.done || right.done;
  const side = alone ? (left.done ? 1 : 0) : alignment.behind([left.rows, right.rows]);
  const stream = side === 0 ? left : right;
  await stream.fill();
  if (stream.done) return false;
  const { lines, full } = stream.hash(alone ? Infinity : alignment.owed(side), matching);
  alignment.took(side, lines, [left.rows, right.rows]);
  return full;
}

/** Seeds of the compared columns; one for the whole line where all parts have the same columns in the same order. */
function seedsOf([left, right]: [Rows, Rows], counting: readonly number[]): bigint | bigint[] {
  const all = [...left.columns, ...right.columns];
  const plain = all.every(
    (columns) => columns.length === counting.length && columns.every((column, at) => column === counting[at]),
  );
  if (plain) return seed();
  return counting.reduce<bigint[]>((seeds, column) => {
    seeds[column] = seed();
    return seeds;
  }, []);
}

function seed(): bigint {
  // 0 is for what does not count.
  return randomBytes(8).readBigUInt64LE() | 1n;
}
