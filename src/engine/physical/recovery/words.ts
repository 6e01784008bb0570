import * as l10n from '@vscode/l10n';
import { formatDuration } from '../../format';
import { parseLsn } from '../wal';
import type { RecoveryMap } from './mapTypes';

/** Longer ago than this is told by the clock. */
const recentMs = 3_600_000;

/** `Wed 18 Nov 09:00 → 40 s ago, one gap`: from the first moment that can be reached to the last. */
export function windowInWords(
  { windows, gaps }: Pick<RecoveryMap, 'windows' | 'gaps'>,
  { now, locale }: { now: Date; locale?: string },
): string {
  const by = (a: string, b: string): number => Date.parse(a) - Date.parse(b);
  const first = windows.map(({ from }) => from.time).sort(by)[0];
  const last = windows
    .map(({ to }) => to.time)
    .sort(by)
    .at(-1);
  if (first === undefined || last === undefined)
    return l10n.t('Nothing can be reached: no whole backup with its WAL is here.');
  const begin = windows.map(({ from }) => parseLsn(from.lsn)).sort((a, b) => (a < b ? -1 : 1))[0]!;
  const holes = gaps.filter(({ to }) => parseLsn(to.lsn) > begin).length;
  const ago = now.getTime() - Date.parse(last);
  const sameYear = new Date(first).getFullYear() === now.getFullYear();
  const moment = (iso: string): string =>
    new Date(iso).toLocaleString(locale, {
      ...{ weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' },
      ...(sameYear ? {} : { year: 'numeric' }),
    });
  return [
    l10n.t(
      '{0} → {1}',
      moment(first),
      ago >= 0 && ago < recentMs ? l10n.t('{0} ago', formatDuration(ago)) : moment(last),
    ),
    ...(holes === 1 ? [l10n.t('one gap')] : holes > 1 ? [l10n.t('{0} gaps', holes)] : []),
  ].join(', ');
}
