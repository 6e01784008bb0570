import { open, type FileHandle } from 'node:fs/promises';
import * as l10n from '@vscode/l10n';
import type { CountOptions, ReadOptions } from '../../archive';
import { RestorePointError } from '../../errors';
import type { Comparison, DifferenceQuery, DifferenceRange, OpenComparison, RowDifference } from '../types';
import { linesOf } from '../lines';
import { LAST, STRIDE, type Places, type SummaryLine } from './layout';
import { fits } from './query';

const PIECE = 256 * 1024;

/** Opens a comparison's file. Throws `comparison.unreadable` for anything else, and for one that was cut. */
export async function openComparison(path: string): Promise<OpenComparison> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const last = await readAt(file, Math.max(0, size - LAST), LAST);
    const { summaryAt } = parsed<{ summaryAt: number }>(path, last);
    if (!Number.isSafeInteger(summaryAt) || summaryAt < 0 || summaryAt > size - LAST) throw unreadable(path);
    const line = await readAt(file, summaryAt, size - LAST - summaryAt);
    const { summary, listsAt, places } = parsed<SummaryLine>(path, line);
    if (!Array.isArray(summary?.tables) || !Array.isArray(places)) throw unreadable(path);
    if (!Number.isSafeInteger(listsAt) || listsAt < 0 || listsAt > summaryAt) throw unreadable(path);
    await readLists(path, piecesOf(file, listsAt, summaryAt), summary);
    return new ComparisonFile(path, file, summary, places);
  } catch (error) {
    await file.close();
    throw error;
  }
}

class ComparisonFile implements OpenComparison {
  readonly path: string;
  readonly summary: Comparison;
  readonly #file: FileHandle;
  readonly #places: Places[];

  constructor(path: string, file: FileHandle, summary: Comparison, places: Places[]) {
    this.path = path;
    this.summary = summary;
    this.#file = file;
    this.#places = places;
  }

  async *rows(
    table: number,
    { from = 0, limit = Infinity, signal }: DifferenceRange = {},
  ): AsyncIterable<RowDifference> {
    let skip = from % STRIDE;
    let left = limit;
    for await (const line of this.#lines(table, Math.floor(from / STRIDE), signal)) {
      if (skip-- > 0) continue;
      if (left-- <= 0) return;
      yield JSON.parse(line.toString('utf8')) as RowDifference;
    }
  }

  async find(
    table: number,
    query: DifferenceQuery,
    { signal, onProgress }: CountOptions = {},
  ): Promise<Uint32Array> {
    const all = this.summary.tables[table]?.kept ?? 0;
    const found: number[] = [];
    let at = 0;
    for await (const line of this.#lines(table, 0, signal)) {
      if (fits(JSON.parse(line.toString('utf8')) as RowDifference, query)) found.push(at);
      if (++at % 10_000 === 0) onProgress?.(at / all);
    }
    return Uint32Array.from(found);
  }

  async *pick(
    table: number,
    numbers: Iterable<number>,
    { signal }: ReadOptions = {},
  ): AsyncIterable<RowDifference> {
    let read = -1;
    let lines: Buffer[] = [];
    for (const number of numbers) {
      const block = Math.floor(number / STRIDE);
      if (read !== block) {
        lines = [];
        for await (const line of this.#lines(table, block, signal, block + 1)) lines.push(line);
        read = block;
      }
      const line = lines[number % STRIDE];
      if (line) yield JSON.parse(line.toString('utf8')) as RowDifference;
    }
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Lines of a table's differences from a block on, up to another. */
  #lines(table: number, block: number, signal?: AbortSignal, endBlock?: number): AsyncGenerator<Buffer> {
    const places = this.#places[table] ?? [];
    const last = places.length - 1;
    const start = places[block] ?? 0;
    return linesOf(
      piecesOf(this.#file, start, block < last ? places[Math.min(endBlock ?? last, last)]! : start, signal),
    );
  }
}

/** Fills in what stands in lines of its own. */
async function readLists(path: string, pieces: AsyncIterable<Buffer>, summary: Comparison): Promise<void> {
  const { objects, scripts, tables } = summary;
  for await (const bytes of linesOf(pieces)) {
    const line = parsed<Record<string, never>>(path, bytes);
    if (line.object) objects.differences.push(line.object);
    else if (line.table) tables.push(line.table);
    else if (line.toLeft) scripts.toLeft.statements.push(line.toLeft);
    else if (line.toRight) scripts.toRight.statements.push(line.toRight);
  }
}

async function* piecesOf(
  file: FileHandle,
  start: number,
  end: number,
  signal?: AbortSignal,
): AsyncGenerator<Buffer> {
  for (let at = start; at < end; at += PIECE) {
    signal?.throwIfAborted();
    yield await readAt(file, at, Math.min(PIECE, end - at));
  }
}

async function readAt(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(bytes, filled, length - filled, at + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

function parsed<T>(path: string, bytes: Buffer): Partial<T> & T {
  try {
    return JSON.parse(bytes.toString('utf8')) as T;
  } catch {
    throw unreadable(path);
  }
}

function unreadable(path: string): RestorePointError {
  return new RestorePointError({
    code: 'comparison.unreadable',
    what: l10n.t('{0} is not a comparison that can be opened.', path),
    why: l10n.t('It was cut, changed, or is something else.'),
    next: l10n.t('Compare again.'),
  });
}
