import { listDatabases, withClient } from '../connections';
import { matchName } from './patterns';
import type { PlanContext } from './types';

/**
 * The databases of a server that allow connections and are no templates, filtered by patterns; asked
 * anew at every planning, so that a new one is noticed by itself.
 */
export async function chooseDatabases(
  context: PlanContext,
  patterns: { include?: string[]; exclude?: string[] } = {},
): Promise<string[]> {
  const { access, signal } = context;
  const include = patterns.include?.map(matchName) ?? [];
  const exclude = patterns.exclude?.map(matchName) ?? [];
  const all = await withClient(
    access,
    access.connection.settings.database,
    async (client) => await listDatabases(client),
    { signal },
  );
  return all
    .filter(({ allowConnections, isTemplate }) => allowConnections && !isTemplate)
    .map(({ name }) => name)
    .filter((name) => !include.length || include.some((match) => match(name)))
    .filter((name) => !exclude.some((match) => match(name)));
}
