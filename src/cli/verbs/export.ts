import { lstat } from 'node:fs/promises';
import { resolve } from 'node:path';
import * as l10n from '@vscode/l10n';
import { open, type Archive, type Entry, type ExportFormat } from '../../engine/archive';
import { RestorePointError } from '../../engine/errors';
import { writeWhole } from '../../engine/writeWhole';
import { common, oneOf, parse, theOne, UsageError, wholeNumber } from '../args';
import { oneOfColumns } from '../inspect/columns';
import { findTable } from '../inspect/find';
import { findOptions, findUsage, queryOf, type Find } from '../inspect/search';
import { exitCodes, type Io, type Verb } from '../io';
import { bytesText, note, printable } from '../output';
import { progressLine } from '../progress';
import { openArtifact } from './verify';

const formats: ExportFormat[] = ['csv', 'tsv', 'jsonl', 'inserts', 'inserts-missing', 'upserts', 'updates'];

const usage = `restore-point export: rows or a large object of a backup as a file, without PostgreSQL

Usage: restore-point export ARTIFACT --table TABLE [--format FORMAT] [--find TEXT …]
                            [--to FILE [--force]] [--json]
       restore-point export ARTIFACT --large-object OID [--to FILE [--force]] [--json]

  --table TABLE       SCHEMA.NAME, or the id of its data
  --format csv        with a line of column names; NULL is nothing, an empty text is "" (default)
  --format tsv        as COPY writes text: NULL is \\N
  --format jsonl      one JSON object per line
  --format inserts    SQL statements; inserts-missing leaves rows that are there, upserts writes over those of
                      the same primary key, updates changes only these
${findUsage.replaceAll('\n   ', '\n      ').replace('--find TEXT   ', '--find TEXT      ')}
  --large-object OID  the content of a large object
  --to FILE           else standard output; the file appears when it is whole
  --force             replace a file that is there
  --json              {"file", "format", "rows", "bytes"}; needs --to
`;

export const verb: Verb = {
  usage,
  async run(args, io) {
    const { values, positionals } = parse({
      args,
      allowPositionals: true,
      options: {
        ...common,
        ...findOptions,
        table: { type: 'string' },
        format: { type: 'string' },
        'large-object': { type: 'string' },
        to: { type: 'string' },
        force: { type: 'boolean' },
      },
    });
    const given = theOne(positionals, l10n.t('export takes one artifact.'));
    const { table, to, 'large-object': largeObject } = values;
    if ((table === undefined) === (largeObject === undefined))
      throw new UsageError(l10n.t('export takes one of --table and --large-object.'));
    if (io.json && to === undefined) throw new UsageError(l10n.t('--json needs --to.'));
    const query = queryOf(values);
    const format = oneOf('format', values.format ?? 'csv', formats);
    const oid = largeObject === undefined ? null : wholeNumber('large-object', largeObject, 1);

    const file = to === undefined ? null : resolve(to);
    if (file && !values.force && (await lstat(file).catch(() => null))) throw fileThere(file);
    const artifact = await openArtifact(resolve(given));
    await using archive = await open(artifact.path, { signal: io.signal });
    if (oid !== null) {
      const bytes = await write(io, file, archive.largeObject(oid, { signal: io.signal }));
      report(io, { file, format: null, rows: null, bytes });
      return exitCodes.done;
    }
    const entry = findTable(archive.contents.entries, table!, artifact.path);
    const { rows, bytes } = await exportTable(io, { archive, entry, format, query, file });
    report(io, { file, format, rows, bytes });
    return exitCodes.done;
  },
};

interface TableExport {
  archive: Archive;
  entry: Entry;
  format: ExportFormat;
  query: Find | null;
  file: string | null;
}

async function exportTable(
  io: Io,
  { archive, entry: { id }, format, query, file }: TableExport,
): Promise<{ rows: number; bytes: number }> {
  const { columnName, ...rest } = query ?? { text: '' };
  const column = columnName === undefined ? {} : { column: oneOfColumns(archive.columns(id), columnName) };
  const progress = progressLine(io);
  let rows = 0;
  try {
    const parts = archive.exportRows(id, {
      format,
      ...(query ? { query: { ...rest, ...column } } : {}),
      signal: io.signal,
      onRows: (count) => (rows = count),
      onProgress: (fraction) => progress.show({ fraction, what: l10n.t('Exporting'), remainingMs: null }),
    });
    return { bytes: await write(io, file, parts), rows };
  } finally {
    progress.end();
  }
}

async function write(io: Io, file: string | null, parts: AsyncIterable<Buffer>): Promise<number> {
  if (file) return await writeWhole(file, parts, { signal: io.signal });
  let bytes = 0;
  for await (const part of parts) {
    bytes += part.length;
    // A reader that is slower than we are (or a pager) sets the pace.
    if (!io.stdout.write(part)) await new Promise<void>((done) => io.stdout.once('drain', done));
  }
  return bytes;
}

interface Report {
  file: string | null;
  format: ExportFormat | null;
  rows: number | null;
  bytes: number;
}

/** On standard output only with `--json`: without `--to` the data is there. */
function report(io: Io, { file, format, rows, bytes }: Report): void {
  if (io.json) io.stdout.write(`${JSON.stringify({ file, format, rows, bytes }, null, 2)}\n`);
  else if (file)
    note(
      io,
      [
        printable(file),
        rows === null ? null : l10n.t('{0} rows', rows.toLocaleString('en')),
        bytesText(bytes),
      ]
        .filter(Boolean)
        .join(' · '),
    );
}

function fileThere(path: string): RestorePointError {
  return new RestorePointError({
    code: 'export.exists',
    what: l10n.t('"{0}" is there already.', path),
    why: l10n.t('An export replaces no file unasked.'),
    next: l10n.t('Take another name, or add --force.'),
  });
}
