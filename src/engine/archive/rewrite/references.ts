import type { Contents, Entry } from '../types';
import { KnownNames } from './names';
import { nameUses } from './name-uses';

/**
 * The entries of a script, which tells only the obvious dependencies, with what their statements name; an archive's come
 * back as they are.
 */
export function withReferences({
  entries,
  archiveVersion,
}: Pick<Contents, 'entries' | 'archiveVersion'>): Entry[] {
  if (archiveVersion !== null) return entries;
  const known = new KnownNames(entries);
  return entries.map((entry) => {
    const found = new Set(entry.dependencies);
    for (const { kind, schema, name } of nameUses(entry.definition, entry.kind, known).uses)
      if (kind === 'object' && schema !== null) for (const id of known.ids(schema, name)) found.add(id);
    found.delete(entry.id);
    return found.size === entry.dependencies.length ? entry : { ...entry, dependencies: [...found] };
  });
}
