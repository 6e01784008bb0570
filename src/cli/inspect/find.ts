import * as l10n from '@vscode/l10n';
import type { Entry } from '../../engine/archive';
import { RestorePointError } from '../../engine/errors';

/** By id, else by `schema.name` or name; of several the first that has a definition. */
export function findEntry(entries: Entry[], wanted: string, path: string): Entry {
  const named = fitting(entries, wanted);
  const found = named.find(({ definition }) => definition !== '') ?? named[0];
  if (found) return found;
  throw new RestorePointError({
    code: 'artifact.noEntry',
    what: l10n.t('There is no entry "{0}" in {1}.', wanted, path),
    why: l10n.t('Neither an id nor a name in its contents fits.'),
    next: l10n.t('See the contents with restore-point inspect.'),
  });
}

/** The entry with a table's rows, by id, `schema.table` or table. Throws when none or several fit. */
export function findTable(entries: Entry[], wanted: string, path: string): Entry {
  const named = fitting(entries, wanted);
  const tables = named.filter(({ kind, hasData }) => hasData && kind !== 'BLOBS');
  if (tables.length === 1) return tables[0]!;
  if (tables.length > 1)
    throw new RestorePointError({
      code: 'artifact.severalEntries',
      what: l10n.t('Several tables in {0} fit "{1}".', path, wanted),
      why: tables
        .slice(0, 10)
        .map(
          ({ id, database, schema, name }) => `${id}: ${[database, schema, name].filter(Boolean).join('.')}`,
        )
        .join('; '),
      next: l10n.t('Name it with its schema, or by its id.'),
    });
  throw new RestorePointError({
    code: 'artifact.noRows',
    what: l10n.t('There are no rows of a table "{0}" in {1}.', wanted, path),
    why: named.length
      ? l10n.t('"{0}" is there, but without rows: the dump was made without them.', wanted)
      : l10n.t('Neither an id nor a name in its contents fits.'),
    next: l10n.t('See the contents with restore-point inspect.'),
  });
}

function fitting(entries: Entry[], wanted: string): Entry[] {
  const byId = /^\d+$/.test(wanted) ? entries.filter(({ id }) => id === Number(wanted)) : [];
  if (byId.length) return byId;
  return entries.filter(
    ({ database, schema, name }) =>
      name === wanted ||
      `${schema ?? ''}.${name}` === wanted ||
      (database !== undefined && `${database}.${schema ?? ''}.${name}` === wanted),
  );
}
