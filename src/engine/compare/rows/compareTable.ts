import { rm } from 'node:fs/promises';
import * as l10n from '@vscode/l10n';
import type { CompareFault, RowDifference, TableCompared, ValueRules } from '../types';
import { joined, looseRow, rowOrder, type LooseRow, type Tally } from './differences';
import { match, type Matched } from './match';
import { Sorter } from './sorter';
import { hasRaw, type How, type Rows } from './source';
import { noKeyNote, type TablePair } from './tables';
import { canonicalOf } from './values';
import { keptRows, wantedRows } from './wanted';

/** Of memory: rows without an equal, characters of a sorted run, bytes of texts. */
export interface Bounds {
  rows?: number;
  run?: number;
  kept?: number;
}

export interface TableOptions {
  rules: ValueRules;
  /** Differences that are kept. */
  most: number;
  /** Made when something does not fit into memory, and removed. */
  folder: string;
  /** Bounds of memory, for tests. */
  bounds?: Bounds;
  signal: AbortSignal;
  /** What was read weighs so much, in the unit of `TablePair.bytes`. */
  onWeight(weight: number): void;
  /** Keeps one difference. */
  keep(row: RowDifference): Promise<void>;
  /** Called before the first difference is kept and when it is known how many there are: others may keep theirs between. */
  alone<T>(work: () => Promise<T>): Promise<T>;
}

/** SQLSTATE untranslatable_character: the rows cannot be written in the other side's encoding. */
const untranslatable = '22P05';

/** Compares the rows of two tables; `pair.table` gets the result. Faults of damaged sides are given back. */
export async function compareTable(pair: TablePair, options: TableOptions): Promise<CompareFault[]> {
  const { sides, table } = pair;
  if (!sides) return [];
  try {
    return await compared(sides, table, options);
  } finally {
    await rm(options.folder, { recursive: true, force: true });
  }
}

async function compared(
  sides: [Rows, Rows],
  table: TableCompared,
  options: TableOptions,
): Promise<CompareFault[]> {
  const counting = table.columns.flatMap(({ left, right }, at) =>
    (left || !sides[0].parts.length) && (right || !sides[1].parts.length) ? [at] : [],
  );
  let how: How =
    sides.every(hasRaw) && sides[0].side.codec.name === sides[1].side.codec.name ? 'raw' : 'utf8';
  const matching = (): Promise<Matched> =>
    match(sides, {
      ...{
        how,
        counting,
        folder: options.folder,
        most: options.bounds?.rows,
        kept: options.bounds?.kept,
        signal: options.signal,
      },
      onRead: (side, bytes) => (sides[side].side.facts.bytes += bytes),
      onWeight: options.onWeight,
    });
  let matched = await matching().catch((error: unknown) => {
    if (how === 'raw' && (error as { code?: unknown }).code === untranslatable) return null;
    throw error;
  });
  if (!matched || (matched.odd && how === 'raw')) {
    for (const texts of matched?.texts ?? []) texts?.giveUp();
    how = 'utf8';
    matched = await matching();
  }
  try {
    await tell(sides, table, matched, how, options);
  } finally {
    for (const texts of matched.texts) texts?.giveUp();
  }
  return faultsOf(matched);
}

/** Fills in what was found, and keeps the differences. */
async function tell(
  sides: [Rows, Rows],
  table: TableCompared,
  matched: Matched,
  how: How,
  options: TableOptions,
): Promise<void> {
  const [leftRows, rightRows] = matched.rows;
  const tally: Tally = { added: 0, removed: 0, changed: 0, alike: 0, repeated: 0 };
  const damaged = matched.faults.map((fault) => fault !== null);
  const loose = matched.left[0].size + matched.left[1].size;
  if (loose > 0) {
    const compare = rowOrder(table);
    const sorter = new Sorter<LooseRow>(options.folder, compare, options.bounds?.run);
    try {
      const both = ([0, 1] as const).map((side) =>
        collect(sides, side, matched, how, table, sorter, options),
      );
      await Promise.all(both).finally(() => Promise.allSettled(both));
      await options.alone(async () => {
        for await (const row of joined(sorter.sorted(), table, compare, tally)) {
          options.signal.throwIfAborted();
          // What one side has beyond the readable part of the other is not known to be missing there.
          if ((row.change === 'added' && damaged[0]) || (row.change === 'removed' && damaged[1])) continue;
          if (table.kept >= options.most) continue;
          table.kept++;
          await options.keep(row);
        }
      });
    } finally {
      await sorter.close();
    }
  }
  table.added = damaged[0] ? null : tally.added;
  table.removed = damaged[1] ? null : tally.removed;
  table.changed = tally.changed;
  table.same = leftRows - tally.removed - tally.changed;
  table.leftRows = leftRows;
  table.rightRows = rightRows;
  if (table.state === 'same' && tally.added + tally.removed + tally.changed > 0) table.state = 'different';
  if (damaged[0] || damaged[1]) table.state = 'notCompared';
  note(table, tally, matched);
}

function note(table: TableCompared, tally: Tally, { faults, rows }: Matched): void {
  const { notes, added, removed, changed, kept } = table;
  if (table.keyFrom === 'none' && table.state === 'different') notes.push(noKeyNote());
  if (tally.repeated > 0)
    notes.push(
      l10n.t(
        '{0} keys are not unique among the rows that differ: these were joined in the order of their values.',
        tally.repeated,
      ),
    );
  const all = (added ?? 0) + (removed ?? 0) + (changed ?? 0);
  if (kept < all) notes.push(l10n.t('{0} of {1} differences are kept.', kept, all));
  for (const [side, fault] of faults.entries())
    if (fault)
      notes.push(
        side === 0
          ? l10n.t('The left side could be read up to row {0} only.', rows[0])
          : l10n.t('The right side could be read up to row {0} only.', rows[1]),
      );
}

async function collect(
  sides: [Rows, Rows],
  side: 0 | 1,
  { left, starts, texts }: Matched,
  how: How,
  { columns }: TableCompared,
  sorter: Sorter<LooseRow>,
  { rules, signal }: TableOptions,
): Promise<void> {
  if (left[side].size === 0) return;
  const canonical = columns.map(({ type }) => canonicalOf(type, rules));
  const rows = { ...sides[side], starts: starts[side] };
  const onBytes = (bytes: number): void => void (rows.side.facts.bytes += bytes);
  const options = { how, canonical, signal, onBytes };
  const known = texts[side];
  const found = known ? keptRows(rows, left[side], known, options) : wantedRows(rows, left[side], options);
  for await (const values of found) await sorter.add(looseRow(side, values));
}

function faultsOf({ faults }: Matched): CompareFault[] {
  return faults.flatMap((fault, side) =>
    fault
      ? [{ side: side === 0 ? ('left' as const) : ('right' as const), what: fault.what, entry: fault.entry }]
      : [],
  );
}
