import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as l10n from '@vscode/l10n';
import { describeFault } from '../archive';
import { contentsEncoding } from '../archive/comparing';
import type { Access } from '../connections';
import { CancelledError, RestorePointError } from '../errors';
import { readContents } from '../archive';
import type { ClientBuild } from '../tools';
import { ComparisonWriter } from './file';
import { compareLargeObjects } from './largeObjects';
import { compareObjects } from './objects';
import { isTableAsked } from './patterns';
import { compareTable, pairTables, type Bounds, type TablePair } from './rows';
import { scriptDifference } from './script';
import { compareSequences } from './sequences';
import { openArtifactSide, openLiveSide, type OpenSide } from './sides';
import { spellingOf } from './sides/spelling';
import type { CompareFault, CompareOptions, Comparison, DatabaseSide, DifferenceScript, Side } from './types';

export interface CompareContext {
  /** Opens a connection of the plan by its key. */
  access(key: string): Promise<Access>;
  builds: ClientBuild[];
  /** What sessions call themselves on the server. */
  applicationName: string;
  /** Shown for databases, by the connection's key: `shop on production`. */
  titles: Record<string, string>;
  /** Ids of stored connections, by key. */
  connectionIds: Record<string, string>;
  /** Program and version, and the command that does it again. */
  by: string;
  command: string | null;
  /** Bounds of memory, for tests. */
  bounds?: Bounds;
  signal: AbortSignal;
  onProgress(fraction: number | null, what: string): void;
}

/** Tables at a time: while the differences of one are collected, the next is read. */
const lanes = 2;
const defaultMost = 1_000_000;

/**
 * Compares two sides and writes the comparison's file. Nothing of either is changed. Faults of a damaged dump, and tables that
 * cannot be read, are part of the result. Throws what keeps a side from being opened, and `CancelledError`.
 */
export async function compare(
  request: { left: Side; right: Side; options: CompareOptions; path: string },
  context: CompareContext,
): Promise<Comparison> {
  const began = performance.now();
  const at = new Date().toISOString();
  const { options } = request;
  const folder = await mkdtemp(join(tmpdir(), 'restore-point-compare-'));
  const writer = await ComparisonWriter.create(request.path);
  const sides: OpenSide[] = [];
  try {
    context.onProgress(null, l10n.t('Reading what both sides hold'));
    const [left, right] = await openSides(request, context, sides);
    const faults: CompareFault[] = [left, right].flatMap((side, index) =>
      side.faults.map((fault) => ({
        side: index === 0 ? ('left' as const) : ('right' as const),
        what: describeFault({ ...fault, entry: null }),
        entry: fault.entry,
      })),
    );
    const objects = compareObjects(left.contents, right.contents, options);
    objects.differences = objects.differences.filter(isKnown(left, right));
    const scripts = {
      toLeft: scriptDifference(right.contents, left.contents, objects.differences, options),
      toRight: scriptDifference(left.contents, right.contents, objects.differences, options),
    } satisfies Record<string, DifferenceScript>;
    const pairs = options.rows
      ? pairTables(left, right, options).filter(({ table }) => isTableAsked(table, options))
      : [];
    faults.push(...(await compareTables(pairs, writer, folder, options, context)));
    const all = options.rows && !options.tables && !options.schemas && !options.kinds;
    const sequences = options.rows ? await compareSequences(left, right, context.signal) : [];
    const largeObjects = all ? await compareLargeObjects(left, right, context.signal) : null;
    const tables = pairs.map(({ table }) => table);
    const comparison: Comparison = {
      equal:
        faults.length === 0 &&
        objects.differences.length === 0 &&
        tables.every(({ state }) => state === 'same') &&
        sequences.length === 0 &&
        !largeObjects?.changed.length,
      left: left.facts,
      right: right.facts,
      ...{ options, objects, scripts, tables, sequences, largeObjects, faults },
      made: {
        at,
        durationMs: Math.round(performance.now() - began),
        by: context.by,
        command: context.command,
      },
    };
    await writer.finish(comparison);
    return comparison;
  } catch (error) {
    await writer.discard();
    throw context.signal.aborted ? new CancelledError() : error;
  } finally {
    for (const side of sides) await side.close().catch(() => {});
    await rm(folder, { recursive: true, force: true });
  }
}

/** A dump decides how a live side is read. */
async function openSides(
  { left, right, options }: { left: Side; right: Side; options: CompareOptions },
  context: CompareContext,
  opened: OpenSide[],
): Promise<[OpenSide, OpenSide]> {
  const spelling = async (other: Side) =>
    other.kind === 'artifact'
      ? {
          encoding:
            contentsEncoding((await readContents(other.path, { signal: context.signal })).entries) ?? 'UTF8',
          settings: options.rows ? await spellingOf(other.path, context.signal) : {},
        }
      : { encoding: 'UTF8', settings: {} };
  const openOne = async (side: Side, other: Side): Promise<OpenSide> => {
    const one =
      side.kind === 'artifact'
        ? await openArtifactSide(side, context.signal)
        : await openLive(side, await spelling(other), options, context);
    opened.push(one);
    return one;
  };
  // Each alone: what fails first is told, and what was opened is closed.
  const first = await openOne(left, right);
  return [first, await openOne(right, left)];
}

async function openLive(
  side: DatabaseSide,
  spelling: { encoding: string; settings: Record<string, string> },
  { rate, statementTimeout }: CompareOptions,
  { access, builds, titles, connectionIds, applicationName, signal }: CompareContext,
): Promise<OpenSide> {
  return await openLiveSide({
    access: await access(side.connection),
    database: side.database,
    title: titles[side.connection] ?? side.database,
    connectionId: connectionIds[side.connection] ?? null,
    ...{ builds, applicationName, rate, statementTimeout, signal },
    ...spelling,
  });
}

/** What could not be read on one side is not called missing there. */
function isKnown(left: OpenSide, right: OpenSide) {
  const unread = new Set([...left.unread, ...right.unread]);
  return ({
    schema,
    name,
    table,
  }: {
    schema: string | null;
    name: string;
    table: { schema: string | null; name: string } | null;
  }): boolean => !unread.has(JSON.stringify([null, (table ?? { schema }).schema, table?.name ?? name]));
}

async function compareTables(
  pairs: TablePair[],
  writer: ComparisonWriter,
  folder: string,
  options: CompareOptions,
  context: CompareContext,
): Promise<CompareFault[]> {
  const total = pairs.reduce((sum, { bytes }) => sum + bytes + 1, 0);
  let done = 0;
  const faults: CompareFault[] = [];
  const turns = new Turns();
  const todo = pairs.entries();
  // Whichever fails ends the others.
  const stop = new AbortController();
  const signal = AbortSignal.any([context.signal, stop.signal]);
  const lane = async (): Promise<void> => {
    for (const [index, pair] of todo) {
      signal.throwIfAborted();
      const { table, bytes } = pair;
      const what = l10n.t('Comparing {0}', `${table.schema}.${table.name}`);
      let ofTable = 0;
      const tell = (weight: number): void => {
        done += weight - ofTable;
        ofTable = weight;
        context.onProgress(done / total, what);
      };
      tell(0);
      try {
        const found = await compareTable(pair, {
          ...{ rules: options.values ?? {}, most: options.most ?? defaultMost, signal },
          folder: join(folder, `table-${index}`),
          ...(context.bounds ? { bounds: context.bounds } : {}),
          onWeight: (weight) => tell(Math.min(weight, bytes)),
          keep: (row) => writer.add(index, row),
          alone: (work) => turns.take(work),
        });
        faults.push(...found);
      } catch (error) {
        if (signal.aborted || isFatal(error)) throw error;
        notCompared(pair, error);
      }
      done += bytes + 1 - ofTable;
    }
  };
  const all = Array.from({ length: lanes }, lane);
  try {
    await Promise.all(all);
  } catch (error) {
    stop.abort();
    await Promise.allSettled(all);
    throw error;
  }
  return faults;
}

/** One after the other. */
class Turns {
  #last: Promise<unknown> = Promise.resolve();

  async take<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work, work);
    this.#last = turn.catch(() => {});
    return await turn;
  }
}

/**
 * A table may be dropped, locked or forbidden while the rest can be read; without a server, or without room on the disk, nothing
 * can. SQLSTATE classes: 08 connection, 53 resources, 57P shutdown, 58 system.
 */
function isFatal(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  if (error instanceof RestorePointError) return !/^(?:rows|archive)\./.test(error.code);
  return typeof code !== 'string' || !/^[0-9A-Z]{5}$/.test(code) || /^(?:08|53|57P|58)/.test(code);
}

function notCompared({ table }: TablePair, error: unknown): void {
  table.state = 'notCompared';
  [table.added, table.removed, table.changed, table.same] = [null, null, null, null];
  table.notes.push(
    error instanceof RestorePointError ? `${error.what} ${error.why}` : (error as Error).message,
  );
}
