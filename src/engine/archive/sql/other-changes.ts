import { kindAt } from './created';
import type { Made } from './made';
import type { Words } from './words';

/**
 * What a statement of a hand-written script changes, as an entry of a kind of its own (`ALTER TABLE`, `DELETE`), so that
 * a contents list of a migration shows all that happens in it. Null for what changes nothing.
 */
export function otherChange(words: Words): Made | null {
  const verb = words.word(0);
  const change = (kind: string, schema: string | null, name: string): Made => ({
    ...{ kind, schema, name },
    section: ['UPDATE', 'DELETE', 'TRUNCATE', 'MERGE'].includes(kind) ? 'data' : 'pre-data',
  });
  if (verb === 'do') return change('DO', null, '');
  if (verb === 'call') return named('CALL', 1);
  if (verb === 'update') return named('UPDATE', words.skip(1, ['only']));
  if (verb === 'delete') return named('DELETE', words.skip(1, ['from', 'only']));
  if (verb === 'truncate') return named('TRUNCATE', words.skip(1, ['table', 'only']));
  if (verb === 'merge') return named('MERGE', words.skip(1, ['into', 'only']));
  if (verb !== 'alter' && verb !== 'drop') return null;
  const found = kindAt(words, 1);
  if (!found) return null;
  return named(
    `${verb.toUpperCase()} ${found.kind}`,
    words.skip(found.next, ['concurrently', 'only', 'if', 'exists']),
  );

  function named(kind: string, at: number): Made | null {
    const name = words.qualified(at);
    return name && change(kind, name.schema, name.name);
  }
}
