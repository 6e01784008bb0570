import * as l10n from '@vscode/l10n';

/** What one backup has of what is looked for. */
interface Seen {
  /** `found` where it is there. */
  state: string;
  changed: boolean;
}

/** Places (from 0) of the first and the last backup that have it; null where none has. */
export interface Span {
  first: number;
  last: number;
  /** How often it was another than in the backup before that has it. */
  changes: number;
}

/** @param found oldest first */
export function spanOf(found: readonly Seen[]): Span | null {
  const isThere = ({ state }: Seen): boolean => state === 'found';
  const first = found.findIndex(isThere);
  if (first < 0) return null;
  return { first, last: found.findLastIndex(isThere), changes: found.filter((one) => one.changed).length };
}

/**
 * The first and the last backup that have what was looked for, and how often it changed, a sentence.
 *
 * @param when names a backup by its place: its time
 */
export function spanText(found: readonly Seen[], when: (at: number) => string): string {
  const span = spanOf(found);
  if (!span) return l10n.t('In none of the backups.');
  const { first, last, changes } = span;
  if (first === last) return l10n.t('Only in {0}.', when(first));
  const ends = [when(first), when(last)] as const;
  if (changes === 0) return l10n.t('First in {0}, last in {1}; never changed.', ...ends);
  if (changes === 1) return l10n.t('First in {0}, last in {1}; changed once.', ...ends);
  return l10n.t('First in {0}, last in {1}; changed {2} times.', ...ends, changes);
}
