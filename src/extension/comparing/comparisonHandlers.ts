import { createWriteStream } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import * as vscode from 'vscode';
import type {
  CompareOptions,
  Comparison,
  DifferenceFormat,
  Direction,
  OpenComparison,
  SideFacts,
  TableCompared,
  TakenRows,
} from '../../engine/compare';
import type { CompareHost, ComparisonHead, TickedRows } from '../../shared/comparePage';
import type { Handlers } from '../../shared/rpc';
import { isQuiet } from '../cancel';
import { chooseFile, tellSaved } from '../editors/saving';
import { engine } from '../engine';
import { bytes, duration, moment, oneLine } from '../format';
import type { Services } from '../services';
import type { ComparisonDocument } from './comparisonDocument';
import type { RunningComparison } from './runningComparison';
import { compareTexts } from './texts';

/** SQL longer than this is not read in an editor. */
const longestSql = 16 * 1024 * 1024;
/** Objects or tables in one message to the page. */
const piece = 1000;
/** Objects opened side by side at once. */
const mostAtOnce = 200;

/** What the comparison page calls. */
export function comparisonHandlers(
  document: ComparisonDocument,
  services: Services,
  job: RunningComparison,
): Handlers<CompareHost> {
  return {
    async ready() {
      const running = await job.view();
      return {
        view: running ? null : viewOf((await document.open()).summary),
        running,
        texts: compareTexts(),
        locale: vscode.env.language,
      };
    },
    cancel: async () => await job.cancel(),
    objects: async (from) =>
      (await document.open()).summary.objects.differences
        .slice(from, from + piece)
        .map(({ left: _left, right: _right, ...object }) => object),
    tables: async (from) => (await document.open()).summary.tables.slice(from, from + piece),
    async rows({ table, query, from, count }, signal) {
      const comparison = await document.open();
      const found = await document.found(table, query);
      const numbers = found
        ? [...found.subarray(from, from + count)]
        : Array.from({ length: count }, (_, index) => from + index);
      const rows = [];
      const source = found
        ? comparison.pick(table, numbers, { signal })
        : comparison.rows(table, { from, limit: count, signal });
      for await (const row of source) rows.push({ at: numbers[rows.length]!, row });
      return { rows, total: found?.length ?? comparison.summary.tables[table]?.kept ?? 0 };
    },
    async openObject(key) {
      const { summary } = await document.open();
      const [change] = resourcesOf(summary, services, (one) => one === key);
      if (change)
        await vscode.commands.executeCommand('vscode.diff', change.left, change.right, change.title);
    },
    async openAllObjects() {
      const { summary } = await document.open();
      const changes = resourcesOf(summary, services, () => true).slice(0, mostAtOnce);
      await vscode.commands.executeCommand(
        'vscode.changes',
        sidesOf(summary),
        changes.map(({ left, right }) => [right, left, right]),
      );
    },
    async openValue({ table, at, column }, signal) {
      const comparison = await document.open();
      for await (const { left, right } of comparison.pick(table, [at], { signal })) {
        const { name, type } = comparison.summary.tables[table]!.columns[column]!;
        const uri = (row: (string | null)[] | null, side: string): vscode.Uri =>
          services.sideTexts.add(
            `${name} ${side}.${/^jsonb?$/.test(type ?? '') ? 'json' : 'txt'}`,
            shown(row?.[column] ?? '', type),
          );
        await vscode.commands.executeCommand(
          'vscode.diff',
          uri(left, 'left'),
          uri(right, 'right'),
          `${oneLine(name)}: ${sidesOf(comparison.summary)}`,
        );
      }
    },
    take: async (what, signal) => {
      await take(await document.open(), document, services, what, signal);
    },
    exportRows: async (what, signal) => {
      await exportRows(await document.open(), document, services, what, signal);
    },
    again: async () => await again((await document.open()).summary),
    async chooseKey(table) {
      const { summary } = await document.open();
      const key = await askKey(summary.tables[table]!, services);
      if (key.length === 0) return;
      const { schema, name } = summary.tables[table]!;
      await again(summary, { keys: { ...summary.options.keys, [`${schema}.${name}`]: key } });
    },
  };
}

/** The same two sides once more. */
async function again(
  { left, right, options }: Comparison,
  more: Pick<CompareOptions, 'keys'> = {},
): Promise<void> {
  await vscode.commands.executeCommand('restorePoint.compare', {
    left: sideOf(left),
    right: sideOf(right),
    options: { ...options, ...more },
  });
}

/** Columns that tell the rows of a table; empty when nobody says. */
async function askKey({ schema, name, columns, key }: TableCompared, { ask }: Services): Promise<string[]> {
  return await ask
    .pickSeveral<string>({
      id: 'compare.key',
      title: vscode.l10n.t('What tells the rows of {0}', `${schema}.${name}`),
      placeholder: vscode.l10n.t('Columns whose values no two rows share'),
      options: columns
        .filter(({ left, right }) => left && right)
        .map(({ name: column, type }) => ({
          ...{ label: column, value: column, picked: key.includes(column) },
          ...(type === null ? {} : { description: type }),
        })),
    })
    .catch((error: unknown) => {
      if (!isQuiet(error)) throw error;
      return [];
    });
}

function sideOf({ path, connectionId, database }: SideFacts): object {
  return path === null ? { connection: connectionId, database } : { artifact: path };
}

function sidesOf({ left, right }: Comparison): string {
  return `${oneLine(left.title)} ⇄ ${oneLine(right.title)}`;
}

function viewOf({ objects, scripts, ...summary }: Comparison): ComparisonHead {
  const { left, right, tables, sequences, largeObjects, faults, made, options, equal } = summary;
  return {
    ...{ left, right, sequences, largeObjects, faults, made, options, equal },
    counts: { objects: objects.differences.length, tables: tables.length },
    same: objects.same,
    normalised: objects.normalised,
    leftOut: Object.fromEntries(scripts.toLeft.leftOut.map(({ object, why }) => [object, why])),
    about: { left: aboutOf(left), right: aboutOf(right) },
    effort: vscode.l10n.t('took {0} · read {1}', duration(made.durationMs), bytes(left.bytes + right.bytes)),
  };
}

function aboutOf({ kind, at, serverVersion, database }: SideFacts): string {
  return [
    kind === 'artifact' ? vscode.l10n.t('backup') : vscode.l10n.t('live'),
    ...(at ? [moment(at)] : []),
    ...(database ? [oneLine(database)] : []),
    ...(serverVersion ? [`PostgreSQL ${serverVersion.split(' ')[0]}`] : []),
  ].join(' · ');
}

/** Both sides of objects as documents. */
function resourcesOf(
  { objects, left, right }: Comparison,
  { sideTexts }: Services,
  wanted: (key: string) => boolean,
): { left: vscode.Uri; right: vscode.Uri; title: string }[] {
  return objects.differences
    .filter(({ key }) => wanted(key))
    .map(({ kind, schema, name, ...object }) => {
      const label = oneLine([kind, schema ? `${schema}.${name}` : name].join(' '));
      return {
        left: sideTexts.add(`${label}.sql`, object.left ?? ''),
        right: sideTexts.add(`${label}.sql`, object.right ?? ''),
        title: `${label}: ${titled(left)} ⇄ ${titled(right)}`,
      };
    });
}

function titled({ title, at }: SideFacts): string {
  return at ? `${oneLine(title)} (${moment(at)})` : oneLine(title);
}

/** JSON over several lines, so that the diff editor has lines to compare. */
function shown(value: string, type: string | null): string {
  if (!/^jsonb?$/.test(type ?? '')) return value;
  try {
    return JSON.stringify(JSON.parse(value), null, 2);
  } catch {
    return value;
  }
}

async function numbersOf(document: ComparisonDocument, { table, rows }: TickedRows): Promise<TakenRows> {
  if (Array.isArray(rows)) return { table, rows };
  return { table, rows: (await document.found(table, rows)) ?? 'all' };
}

async function take(
  comparison: OpenComparison,
  document: ComparisonDocument,
  { reviewedSql }: Services,
  { rows, objects, direction }: { rows: TickedRows[]; objects: string[]; direction: Direction },
  signal: AbortSignal,
): Promise<void> {
  const { scriptText, takeRows, RestorePointError } = await engine();
  const { summary } = comparison;
  const [from, to] = direction === 'toLeft' ? [summary.right, summary.left] : [summary.left, summary.right];
  const title = vscode.l10n.t('Makes {0} what is in {1}', oneLine(from.title), oneLine(to.title));
  const wanted = await Promise.all(rows.map((one) => numbersOf(document, one)));
  const taken = await takeRows(comparison, wanted, direction, { signal, most: longestSql });
  if (!taken.complete)
    throw new RestorePointError({
      code: 'rows.tooMany',
      what: vscode.l10n.t('These are too many rows to be read in an editor.'),
      why: vscode.l10n.t('Their SQL is larger than 16 MB.'),
      next: vscode.l10n.t('Choose fewer rows, or restore the table beside the one there is.'),
    });
  const names = new Map(
    summary.objects.differences.map(({ key, kind, schema, name }) => [
      key,
      [kind, schema, name].filter(Boolean).join(' '),
    ]),
  );
  const script =
    objects.length > 0
      ? await scriptText(summary.scripts[direction], { title, only: new Set(objects), names, bare: true })
      : `-- ${title}`;
  const head = [
    vscode.l10n.t('{0} objects, {1} rows', objects.length, taken.rows),
    vscode.l10n.t('Read it, then run it by the line above. It runs in one transaction.'),
  ];
  const text = [script.trimEnd(), head.map((line) => `-- ${line}`).join('\n'), taken.sql]
    .filter(Boolean)
    .join('\n\n');
  await reviewedSql.open(basename(document.uri.fsPath, '.rpcompare'), `${text}\n`);
}

async function exportRows(
  comparison: OpenComparison,
  document: ComparisonDocument,
  { ask }: Services,
  what: TickedRows,
  signal: AbortSignal,
): Promise<void> {
  const { exportDifferences } = await engine();
  const { schema, name } = comparison.summary.tables[what.table]!;
  const format = await ask
    .pick<DifferenceFormat>({
      id: 'differences.format',
      title: vscode.l10n.t('Export Differences'),
      placeholder: `${schema}.${name}`,
      options: [
        { label: 'CSV', detail: vscode.l10n.t('A line for each side of a difference'), value: 'csv' },
        { label: 'JSON Lines', detail: vscode.l10n.t('An object for each difference'), value: 'jsonl' },
        { label: 'SQL', detail: vscode.l10n.t('Statements that take them back'), value: 'sql' },
      ],
    })
    .catch((error: unknown) => {
      if (!isQuiet(error)) throw error;
      return undefined;
    });
  if (!format) return;
  const file = await chooseFile(ask, {
    id: 'differences.file',
    title: vscode.l10n.t('Export Differences'),
    button: vscode.l10n.t('Export'),
    start: join(dirname(document.uri.fsPath), `${schema}.${name}.differences.${format}`),
  });
  if (file === undefined) return;
  const { rows } = await numbersOf(document, what);
  const lines = exportDifferences(comparison, what.table, format, {
    signal,
    ...(rows === 'all' ? {} : { numbers: rows }),
  });
  await pipeline(Readable.from(await lines), createWriteStream(file, { mode: 0o600 }), { signal });
  tellSaved(file);
}
