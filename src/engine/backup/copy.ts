import { dirname } from 'node:path';
import * as l10n from '@vscode/l10n';
import { checkFolder, draftPath, partialPath } from '../artifacts';
import { withClient } from '../connections';
import { RestorePointError } from '../errors';
import type { LockTarget, Plan, Relation } from '../plan';
import { assemble, given } from './assemble';
import { copyableQuery, readCopyTable, readLock } from './copySource';
import { copyOutStatement } from './copyStatement';
import { estimate, pastManifests } from './estimate';
import type { BackupMethod, CopyRequest, PlanContext } from './types';

/** A query's size is unknown: it weighs as a small table. */
const queryWeight = 10_000_000;

async function plan(request: CopyRequest, context: PlanContext): Promise<Plan> {
  const { table, query, database, format } = request;
  const { connection } = context.access;
  const source = await readCopySource(request, context);
  const statement = copyOutStatement(source, request);
  const what = table ? `${table.schema}.${table.name}` : l10n.t('a query');
  const path =
    request.path ??
    draftPath(context.folder, {
      connection: connection.name,
      database,
      format,
      at: context.now,
      scope: table ? what : 'query',
    });
  const folder = await checkFolder(dirname(path));
  const target = partialPath(path);
  const { relations, lock } = source;
  const { header, delimiter, null: nothing, encoding, columns } = request;
  return assemble({
    kind: 'copyOut',
    title: l10n.t('Copy rows of {0} from {1}', what, database),
    context,
    steps: [
      {
        do: 'copyOut',
        title: l10n.t('Copy rows of {0}', what),
        weight: relations[0]?.bytes || queryWeight,
        connection: 'source',
        database,
        statement,
        path: target,
        relations,
      },
    ],
    locks: [lock],
    artifact: {
      method: 'copy',
      format,
      compression: 'none',
      path,
      members: [{ path, holds: what }],
      options: given({ table, query, columns, header, delimiter, null: nothing, encoding }),
      notes: request.notes ?? '',
      connectionName: connection.name,
      database,
    },
    // Rows carry no marks of their own to read back; their checksum is taken on the way.
    verify: 'checksum',
    warnings: folder.warnings,
    estimate: estimate(
      {
        method: 'copy',
        format,
        compression: 'none',
        compressionLabel: 'none',
        // Files of other tables lie beside this one and say nothing about it.
        database,
        relations,
        freeBytes: folder.freeBytes,
      },
      (await pastManifests(path)).filter(({ files }) => files[0]?.holds === what),
    ),
    facts: given({ schema: table?.schema, table: table?.name }) as Plan['facts'],
  });
}

/** What to read: the table as it is, or a query. */
export async function readCopySource(
  { table, query, columns, database }: CopyRequest,
  { access, signal }: Pick<PlanContext, 'access' | 'signal'>,
): Promise<{
  table?: CopyRequest['table'];
  query?: string;
  columns?: string[];
  relations: Relation[];
  lock: LockTarget;
}> {
  if ((table === undefined) === (query === undefined))
    throw new RestorePointError({
      code: 'copy.option',
      what: l10n.t('COPY takes the rows of one table or of one query.'),
      why: table ? l10n.t('Both are given.') : l10n.t('Neither is given.'),
      next: l10n.t('Name a table, or write a query.'),
    });
  if (!table)
    return {
      query: query!,
      relations: [],
      lock: await withClient(access, database, (client) => readLock(client, access, database), { signal }),
    };
  const source = await readCopyTable(access, database, table, signal);
  const indirect = copyableQuery(table, source, columns);
  const relations = [{ ...table, bytes: source.bytes, rows: source.rows }];
  const { lock } = source;
  return indirect === undefined ? { table, columns, relations, lock } : { query: indirect, relations, lock };
}

export const copy: BackupMethod<CopyRequest> = {
  method: 'copy',
  label: () => l10n.t('Rows of a table'),
  summary: () => l10n.t('The rows of one table or query as CSV, TSV or binary, by COPY.'),
  formats: ['csv', 'tsv', 'binary'],
  tool: null,
  plan,
};
