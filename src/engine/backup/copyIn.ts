import { stat } from 'node:fs/promises';
import * as l10n from '@vscode/l10n';
import { RestorePointError } from '../errors';
import type { Plan } from '../plan';
import { readCopyTable } from './copySource';
import { copyInStatement } from './copyStatement';
import { previewFile } from './preview';
import type { CopyInRequest, PlanContext } from './types';

/**
 * Rows of a file into an existing table, in one transaction: all of them or none. Columns come from the
 * header line where there is one. Throws `copy.noFile`, `copy.noTable`, `copy.columns`, `copy.option`.
 */
export async function planCopyIn(
  request: CopyInRequest,
  { access, signal }: Pick<PlanContext, 'access' | 'signal'>,
): Promise<Plan> {
  const { database, table, file, format } = request;
  const facts = await stat(file).catch((error: Error) => {
    throw new RestorePointError({
      code: 'copy.noFile',
      what: l10n.t('The file {0} cannot be read.', file),
      why: error.message,
      next: l10n.t('Check the path.'),
    });
  });
  const source = await readCopyTable(access, database, table, signal);
  const columns =
    request.columns ?? (request.header && format !== 'binary' ? await headerColumns(request) : undefined);
  checkColumns(columns, source.columns, table.name);
  const name = `${table.schema}.${table.name}`;
  return {
    version: 1,
    kind: 'copyIn',
    title: l10n.t('Copy rows into {0} of {1}', name, database),
    connections: { target: access.connection },
    steps: [
      {
        do: 'copyIn',
        title: l10n.t('Copy rows into {0}', name),
        weight: facts.size,
        connection: 'target',
        database,
        statement: copyInStatement(table, columns, request),
        path: file,
      },
    ],
    onFailure: [],
    locks: [source.lock],
    destroys: [],
    wayBack: l10n.t(
      'One transaction: an error or a cancel leaves the table as it was. Rows that are in stay in.',
    ),
    warnings: [],
    estimate: {
      bytes: facts.size,
      freeBytes: null,
      durationMs: null,
      basis: l10n.t('The size of the file.'),
    },
    facts: { format, database, schema: table.schema, table: table.name, file },
  };
}

async function headerColumns(request: CopyInRequest): Promise<string[]> {
  const { columns } = await previewFile(request.file, request, 0);
  return columns ?? [];
}

function checkColumns(columns: string[] | undefined, known: string[], table: string): void {
  const strange = columns?.filter((column) => !known.includes(column)) ?? [];
  if (!strange.length) return;
  throw new RestorePointError({
    code: 'copy.columns',
    what: l10n.t('The file has columns that table {0} has not: {1}.', table, strange.join(', ')),
    why: l10n.t('The table takes: {0}.', known.join(', ')),
    next: l10n.t('Rename the columns in the header line, or name the columns in their order.'),
    sqlState: '42703',
  });
}
