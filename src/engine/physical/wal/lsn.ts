import * as l10n from '@vscode/l10n';
import { RestorePointError } from '../../errors';
import { parseLsn as parse } from '../../pgdata/restoring';

export { formatLsn } from '../../pgdata/restoring';

/** A place in the WAL: bytes since the cluster's beginning, 64 bits (`pg_lsn`). */
export type Lsn = bigint;

/** `16/B374D848` as a number. Throws `wal.lsn` for anything else. */
export function parseLsn(text: string): Lsn {
  const lsn = parse(text);
  if (lsn !== null) return lsn;
  throw new RestorePointError({
    code: 'wal.lsn',
    what: l10n.t('"{0}" is no place in the WAL.', text),
    why: l10n.t('It is written as two hexadecimal numbers with a slash: 16/B374D848.'),
    next: l10n.t('Take it as the server prints it, for example from pg_current_wal_lsn().'),
  });
}

/** As the server prints it, of its two halves: `16/B374D848`. */
export function lsnText(high: number, low: number): string {
  return `${high.toString(16)}/${low.toString(16)}`.toUpperCase();
}
