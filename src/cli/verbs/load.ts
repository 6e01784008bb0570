import { resolve } from 'node:path';
import * as l10n from '@vscode/l10n';
import { planCopyIn, previewFile, type CopyInRequest, type CopyShape } from '../../engine/backup';
import { common, oneOf, parse, theOne, UsageError, wholeNumber } from '../args';
import { describePlan } from '../backup/show';
import { exitCodes, type Verb } from '../io';
import { runHere } from '../job';
import { names, tableName, tabOf } from '../names';
import { durationText, printable, printResult, table as columnsOf } from '../output';
import { openSession } from '../session';

const usage = `restore-point load: rows of a file into an existing table, by COPY

Usage: restore-point load FILE --table SCHEMA.NAME [--connection URI] [--database NAME] [options]

  --format csv|tsv|binary   default csv; tsv is COPY's own text format
  --header            the first line names the columns (they may come in another order than the table's)
  --columns A,B       the columns of the file, in its order
  --delimiter C, --null TEXT, --encoding NAME
  --preview N         show the first N rows as they would be read, and load nothing
  --dry-run           show what would run
  --json              {"table", "rows", "durationMs"}; with --preview {"columns", "rows"}

All rows or none: one transaction. Files compressed by gzip, zstd or lz4 are read as they are.
`;

export const verb: Verb = {
  usage,
  async run(args, io) {
    const { values, positionals } = parse({
      args,
      allowPositionals: true,
      options: {
        ...common,
        connection: { type: 'string' },
        database: { type: 'string' },
        table: { type: 'string', short: 't' },
        format: { type: 'string', short: 'F' },
        header: { type: 'boolean' },
        columns: { type: 'string' },
        delimiter: { type: 'string' },
        null: { type: 'string' },
        encoding: { type: 'string' },
        preview: { type: 'string' },
        'dry-run': { type: 'boolean' },
        verbose: { type: 'boolean', short: 'v' },
      },
    });
    const given = theOne(positionals, l10n.t('load takes one file.'));
    const file = resolve(given);
    const { delimiter, null: nothing, encoding, columns } = values;
    const shape: CopyShape = {
      format: oneOf('format', values.format ?? 'csv', ['csv', 'tsv', 'binary'] as const),
      ...(values.header ? { header: true } : {}),
      ...(delimiter === undefined ? {} : { delimiter: tabOf(delimiter) }),
      ...(nothing === undefined ? {} : { null: nothing }),
      ...(encoding === undefined ? {} : { encoding }),
    };
    if (values.preview !== undefined) {
      const preview = await previewFile(file, shape, wholeNumber('preview', values.preview, 1));
      const rows = preview.rows.map((row) =>
        row.map((value) => (value === null ? 'NULL' : printable(value))),
      );
      printResult(
        io,
        preview,
        columnsOf([...(preview.columns ? [preview.columns.map(printable)] : []), ...rows]),
      );
      return exitCodes.done;
    }
    if (values.table === undefined) throw new UsageError(l10n.t('--table says where the rows go.'));
    const table = tableName(values.table);
    const session = await openSession(io, values.connection, values.database);
    try {
      const request: CopyInRequest = {
        ...shape,
        database: session.access.connection.settings.database,
        table,
        file,
        ...(columns === undefined ? {} : { columns: names(columns, ',', 'columns') }),
      };
      const plan = await planCopyIn(request, { access: session.access, signal: io.signal });
      if (values['dry-run']) {
        printResult(io, { dryRun: true, plan }, describePlan(plan));
        return exitCodes.done;
      }
      const result = await runHere(io, plan, session.secrets, { verbose: values.verbose === true });
      const { rows = null, durationMs = null } = result as {
        rows?: number | null;
        durationMs?: number | null;
      };
      printResult(
        io,
        { table, rows, durationMs },
        l10n.t(
          '{0} rows into {1}, {2}',
          rows === null ? '–' : rows.toLocaleString('en'),
          printable(`${table.schema}.${table.name}`),
          durationText(durationMs),
        ),
      );
      return exitCodes.done;
    } finally {
      await session.access.close();
    }
  },
};
