import { resolve } from 'node:path';
import * as l10n from '@vscode/l10n';
import { listArtifacts } from '../../engine/artifacts';
import type { TableName } from '../../engine/backup/types';
import {
  findRow,
  historyOf,
  tableHistory,
  type FoundInBackup,
  type HistoryPoint,
} from '../../engine/history';
import { home } from '../../engine/home';
import { common, fallenBy, parse, UsageError } from '../args';
import { countUncounted } from '../history/count';
import { showFound } from '../history/found';
import { showObject } from '../history/object';
import { exitCodes, type ExitCode, type Io, type Verb } from '../io';
import { tableName } from '../names';
import { bytesText, note, printable, printResult, table } from '../output';

const usage = `restore-point history: the backups of one database over time, and whether the newest looks wrong

Usage: restore-point history [FOLDER…] --database NAME [--table SCHEMA.NAME [--find COLUMN=VALUE]] [--json]
       restore-point history [FOLDER…] --database NAME --object KIND:SCHEMA.NAME [--json]

Without a folder: where backups go when none is named.

  --database NAME        whose backups
  --table SCHEMA.NAME    the rows of one table in each of them
  --find COLUMN=VALUE    the backups that have such a row of it, and where its values changed; can be repeated
  --object KIND:SCHEMA.NAME  the backups that have a view, function, index, …, and where its definition changed;
                         named as compare and inspect do, the kind and a function's arguments where they are needed
  --count                first count the rows of the backups nobody counted: they are decoded to their last byte as
                         verify --level contents does, and the evidence is kept with them
  --fallen-by PERCENT    rows of a table may fall by so much (default 50)
  --json                 {"database", "points": [{path, at, bytes, tables, damaged, part, suspicions: [{rule, table, text,
                         mild}]}]}; tables is null where nobody counted. With --table {"points": [{path, at, rows}]},
                         with --find {"first", "last", "changes", "found": [{path, at, state, row, changed}]}, with
                         --object the same with {"object": {kind, schema, name}} and aspects instead of row

Exit codes: 1 when --count finds damage, 3 when the newest looks wrong against those before it (a table gone, rows fallen, size collapsed), else 0.
`;

export const verb: Verb = {
  usage,
  async run(args, io) {
    const { values, positionals } = parse({
      args,
      allowPositionals: true,
      options: {
        ...common,
        database: { type: 'string' },
        table: { type: 'string' },
        find: { type: 'string', multiple: true },
        object: { type: 'string' },
        count: { type: 'boolean' },
        'fallen-by': { type: 'string' },
      },
    });
    const { database } = values;
    if (database === undefined) throw new UsageError(l10n.t('history needs --database.'));
    if (values.find && values.table === undefined) throw new UsageError(l10n.t('--find goes with --table.'));
    if (values.object !== undefined && values.table !== undefined)
      throw new UsageError(l10n.t('--object and --table do not go together.'));
    const share = fallenBy(values['fallen-by'] ?? '50');
    const folders =
      positionals.length > 0 ? positionals.map((folder) => resolve(folder)) : [home(io.env).backups];
    const read = async (): Promise<HistoryPoint[]> =>
      await historyOf(await listArtifacts(folders, { signal: io.signal }), database, { share });
    let points = await read();
    let faulty = 0;
    if (values.count) {
      faulty = await countUncounted(io, points);
      points = await read();
    }
    if (points.length === 0 && !io.json)
      note(io, l10n.t('No backups of {0} in {1}.', database, folders.join(', ')));
    let code: ExitCode = exitCodes.done;
    if (values.object !== undefined) await showObject(io, points, values.object);
    else if (values.table === undefined) code = showAll(io, database, points);
    else if (values.find) await showRow(io, points, tableName(values.table), keyOf(values.find));
    else showTable(io, database, points, tableName(values.table));
    return faulty > 0 ? exitCodes.failed : code;
  },
};

function showTable(io: Io, database: string, points: readonly HistoryPoint[], of: TableName): void {
  const rows = tableHistory(points, of);
  printResult(
    io,
    {
      database,
      points: rows.map(({ point: { path, at }, rows }) => ({
        path,
        at,
        rows: rows ?? null,
        there: rows !== undefined,
      })),
    },
    table(
      rows.map(({ point, rows }) => [point.at, countText(rows), printable(point.path)]),
      [1],
    ),
  );
}

function countText(rows: number | null | undefined): string {
  return rows === undefined ? l10n.t('not there') : rows === null ? '?' : rows.toLocaleString('en');
}

function showAll(io: Io, database: string, points: readonly HistoryPoint[]): ExitCode {
  printResult(
    io,
    { database, points },
    table(
      points.map(({ at, bytes, tables, path, suspicions }) => [
        at,
        bytesText(bytes),
        tables === null
          ? ''
          : l10n.t('{0} rows', tables.reduce((sum, { rows }) => sum + (rows ?? 0), 0).toLocaleString('en')),
        suspicions.map(({ text }) => printable(text)).join(' ') || printable(path),
      ]),
      [1, 2],
    ),
  );
  return points.at(-1)?.suspicions.some(({ mild }) => !mild) ? exitCodes.different : exitCodes.done;
}

async function showRow(
  io: Io,
  points: readonly HistoryPoint[],
  of: TableName,
  key: Record<string, string>,
): Promise<void> {
  const found: FoundInBackup[] = [];
  const paths = points.map(({ path }) => path);
  for await (const one of findRow(paths, of, key, { signal: io.signal })) found.push(one);
  const text = ({ row }: FoundInBackup): string =>
    Object.entries(row ?? {})
      .map(([name, value]) => `${name}=${value ?? 'NULL'}`)
      .join(' ');
  showFound(io, points, found, { document: {}, text });
}

function keyOf(given: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    given.map((one) => {
      const at = one.indexOf('=');
      if (at < 1) throw new UsageError(l10n.t('--find is written as COLUMN=VALUE.'));
      return [one.slice(0, at), one.slice(at + 1)];
    }),
  );
}
