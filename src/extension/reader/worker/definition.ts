import type { Entry } from '../../../engine/archive';

/** `PASSWORD 'SCRAM-SHA-256$…'` of roles. */
const password = /(\bPASSWORD\s+)'(?:[^']|'')*'/gi;

/** An entry's definition as it is shown and searched: without password hashes, which nobody needs to see. */
export function shownDefinition({ kind, definition }: Entry): string {
  return kind.startsWith('ROLE') ? definition.replace(password, "$1'••••••'") : definition;
}

/** How many roles have a password hash in a script of a whole server. */
export function rolesWithPassword(entries: readonly Entry[]): number {
  const secret = entries.filter(
    (entry) => entry.kind.startsWith('ROLE') && shownDefinition(entry) !== entry.definition,
  );
  return new Set(secret.map(({ name }) => name)).size;
}
