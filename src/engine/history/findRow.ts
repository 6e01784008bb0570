import * as l10n from '@vscode/l10n';
import { open, type ReadOptions } from '../archive';
import { isCancelled, RestorePointError } from '../errors';

/** What a backup has of a row that is looked for. */
export interface FoundInBackup {
  path: string;
  state: 'found' | 'absent' | 'noTable' | 'unreadable';
  /** By column; of the first that fits. */
  row: Record<string, string | null> | null;
  /** Values differ from those in the backup before that has it. */
  changed: boolean;
  /** Why it could not be read, a sentence. */
  why: string | null;
}

/**
 * Looks for a row by values of its columns in one backup after the other. A damaged one is told and passed over. Throws
 * `history.noColumn` when a backup has the table, but not the column.
 */
export async function* findRow(
  paths: readonly string[],
  { schema, name }: { schema: string; name: string },
  key: Readonly<Record<string, string>>,
  { signal }: ReadOptions = {},
): AsyncGenerator<FoundInBackup> {
  let last: string | null = null;
  for (const path of paths) {
    const found = await lookInto(path, schema, name, key, signal);
    const text: string | null = found.row ? JSON.stringify(found.row) : null;
    yield { ...found, changed: text !== null && last !== null && text !== last };
    if (text !== null) last = text;
  }
}

async function lookInto(
  path: string,
  schema: string,
  name: string,
  key: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
): Promise<Omit<FoundInBackup, 'changed'>> {
  const nothing = { path, row: null, why: null };
  try {
    await using archive = await open(path, { signal });
    const entry = archive.contents.entries.find(
      (one) => one.kind === 'TABLE DATA' && one.schema === schema && one.name === name && one.hasData,
    );
    if (!entry) return { ...nothing, state: 'noTable' };
    const columns = archive.columns(entry.id);
    const wanted = Object.entries(key).map(([column, value]) => {
      const at = columns.findIndex((one) => one.name === column);
      if (at < 0) throw noColumn(column, `${schema}.${name}`);
      return { at, value };
    });
    const [first] = wanted;
    const query = { text: first!.value, wholeValue: true, matchCase: true, column: first!.at };
    for await (const { row } of archive.search(entry.id, query, { signal }))
      if (wanted.every(({ at, value }) => row.values[at] === value))
        return {
          ...nothing,
          state: 'found',
          row: Object.fromEntries(columns.map((column, at) => [column.name, row.values[at] ?? null])),
        };
    return { ...nothing, state: 'absent' };
  } catch (error) {
    if (isCancelled(error) || signal?.aborted || (error as { code?: string }).code === 'history.noColumn')
      throw error;
    return { ...nothing, state: 'unreadable', why: error instanceof Error ? error.message : String(error) };
  }
}

function noColumn(column: string, table: string): RestorePointError {
  return new RestorePointError({
    code: 'history.noColumn',
    what: l10n.t('{0} has no column "{1}".', table, column),
    why: '',
    next: l10n.t('inspect --table lists its columns.'),
  });
}
