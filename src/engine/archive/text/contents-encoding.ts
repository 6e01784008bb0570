import { tokens } from '../sql/tokens';
import type { Entry } from '../types';

/** The encoding a dump's ENCODING entry sets, as PostgreSQL names it; null when there is no such entry. */
export function contentsEncoding(entries: readonly Pick<Entry, 'kind' | 'definition'>[]): string | null {
  return setting(entries, 'ENCODING');
}

/** Whether a dump's STDSTRINGS entry lets backslashes escape in every string. */
export function escapesInStrings(entries: readonly Pick<Entry, 'kind' | 'definition'>[]): boolean {
  return setting(entries, 'STDSTRINGS') === 'off';
}

function setting(entries: readonly Pick<Entry, 'kind' | 'definition'>[], wanted: string): string | null {
  // It is among the first.
  const entry = entries.slice(0, 100).find(({ kind }) => kind === wanted);
  if (!entry) return null;
  for (const token of tokens(entry.definition)) if (token.type === 'string') return token.text;
  return null;
}
