import { tokens } from '../sql/tokens';
import type { Entry } from '../types';

/** The encoding a dump's ENCODING entry sets, as PostgreSQL names it; null when there is no such entry. */
export function contentsEncoding(entries: readonly Pick<Entry, 'kind' | 'definition'>[]): string | null {
  // It is among the first.
  const entry = entries.slice(0, 100).find(({ kind }) => kind === 'ENCODING');
  if (!entry) return null;
  for (const token of tokens(entry.definition)) if (token.type === 'string') return token.text;
  return null;
}
