import { maskSecrets, type Entry } from '../../../engine/archive';

/** An entry's definition as it is shown and searched: without secrets, which nobody needs to see. */
export function shownDefinition({ definition }: Entry): string {
  return maskSecrets(definition);
}

/** How many roles have a password hash in a script of a whole server. */
export function rolesWithPassword(entries: readonly Entry[]): number {
  const secret = entries.filter(
    (entry) => entry.kind.startsWith('ROLE') && shownDefinition(entry) !== entry.definition,
  );
  return new Set(secret.map(({ name }) => name)).size;
}
