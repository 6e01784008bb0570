import * as l10n from '@vscode/l10n';
import { formatBytes } from '../format';
import type { Manifest, Suspicion, TableRows } from './types';

/** What of a backup is looked at. */
export type Made = Pick<
  Manifest,
  'bytes' | 'tables' | 'method' | 'format' | 'compression' | 'options' | 'startedAt' | 'source' | 'evidence'
>;

export interface SuspicionOptions {
  /** Rows of a table may fall by this share, 0 … 1. Default a half. */
  share?: number;
}

/** Fewer rows than this come and go. */
const fewRows = 100;
/** Smaller backups are mostly their own head. */
const smallBackup = 64 * 1024;
const median = 5;
const unchangedRun = 3;

/** Options that choose what is in a backup: two that differ in one of them do not tell anything of each other. */
const CHOOSING =
  /^(?:schemas?|tables?|table-and-children|query|scope|extra|exclude-.*|include-.*|schema-only|data-only|section|no-data|no-schema|statistics-only|extension|filter|large-objects|no-large-objects|blobs|no-blobs|database|databases|level)$/;

/**
 * What is wrong with a backup against those before it, the newest first: they are of the same database and chosen by the same
 * options, others are passed over. Empty where there is none to compare with.
 */
export function suspicionsOf(
  made: Made,
  before: readonly Made[],
  { share = 0.5 }: SuspicionOptions = {},
): Suspicion[] {
  const comparable = before.filter((other) => isComparable(made, other));
  const [last] = comparable;
  if (!last) return [];
  const counted = isCounted(made) && comparable.find(isCounted);
  return [
    ...(counted ? fallenTables(made, counted, share) : []),
    ...collapsedSize(made, comparable.slice(0, median)),
    ...unchanged(made, comparable.slice(0, unchangedRun - 1)),
  ];
}

/** Whether it was chosen what of the database is in it. */
export function isPart(made: Pick<Manifest, 'options'>): boolean {
  return chosen(made) !== '[]';
}

/** Whether its tables are known: where only a checksum was taken, the list of them is empty and says nothing. */
export function isCounted({ tables, evidence }: Pick<Manifest, 'tables' | 'evidence'>): boolean {
  return tables.length > 0 || evidence.some(({ level, ok }) => ok && level !== 'checksum');
}

function isComparable(made: Made, other: Made): boolean {
  return (
    made.method === other.method &&
    made.source.database === other.source.database &&
    (made.source.systemIdentifier === null ||
      other.source.systemIdentifier === null ||
      made.source.systemIdentifier === other.source.systemIdentifier) &&
    chosen(made) === chosen(other)
  );
}

function chosen({ options }: Pick<Manifest, 'options'>): string {
  return JSON.stringify(
    Object.entries(options)
      .filter(([name, value]) => CHOOSING.test(name) && value !== false)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

const nameOf = ({ database, schema, name }: TableRows): string =>
  `${database === undefined ? '' : `${database}: `}${schema}.${name}`;

function fallenTables(made: Made, last: Made, share: number): Suspicion[] {
  const now = new Map(made.tables.map((table) => [nameOf(table), table.rows]));
  return last.tables.flatMap((table): Suspicion[] => {
    const name = nameOf(table);
    const { rows } = table;
    if (!now.has(name))
      return [
        {
          rule: 'tableGone',
          table: name,
          text:
            rows === null
              ? l10n.t('{0} is gone: the backup before had it.', name)
              : l10n.t('{0} is gone: the backup before had {1} rows of it.', name, rows.toLocaleString('en')),
        },
      ];
    const left = now.get(name) ?? null;
    if (rows === null || left === null || rows - left < fewRows || left >= rows * (1 - share)) return [];
    return [
      {
        rule: 'rowsFell',
        table: name,
        text: l10n.t(
          '{0} has {1} rows; the backup before had {2}.',
          name,
          left.toLocaleString('en'),
          rows.toLocaleString('en'),
        ),
      },
    ];
  });
}

function collapsedSize(made: Made, before: readonly Made[]): Suspicion[] {
  const sizes = before
    .filter(({ format, compression }) => format === made.format && compression === made.compression)
    .map(({ bytes }) => bytes)
    .sort((a, b) => a - b);
  const usual = sizes[sizes.length >> 1];
  if (usual === undefined || usual < smallBackup || made.bytes >= usual / 2) return [];
  return [
    {
      rule: 'sizeCollapsed',
      text: l10n.t('It takes {0}; those before took about {1}.', formatBytes(made.bytes), formatBytes(usual)),
    },
  ];
}

/** Mild: a database that nobody uses is backed up as well. */
function unchanged(made: Made, before: readonly Made[]): Suspicion[] {
  const counted = ({ tables }: Made): string =>
    JSON.stringify(tables.map((table) => [nameOf(table), table.rows]).sort());
  if (before.length < unchangedRun - 1 || made.tables.length === 0) return [];
  if (!before.every((other) => other.bytes === made.bytes && counted(other) === counted(made))) return [];
  return [
    {
      rule: 'unchanged',
      mild: true,
      text: l10n.t(
        'Nothing changed since the last {0} backups: are they of the right database?',
        unchangedRun - 1,
      ),
    },
  ];
}
