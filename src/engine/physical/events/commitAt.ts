import * as l10n from '@vscode/l10n';
import { RestorePointError } from '../../errors';
import { formatLsn, parseLsn, readWalArchive, segmentStart, type WalSource } from '../wal';
import { scanEvents } from './scan';
import type { WalEvent } from './types';

/** Segments before it in which its transaction is looked for: what took longer begins where it was committed, for us. */
const BEFORE = 16;

/** The commit that begins at a place. Throws `events.noCommit`, which names the nearest, and what `scanEvents` throws. */
export async function commitAt(
  source: WalSource,
  text: string,
  { timeline, signal }: { timeline?: number; signal?: AbortSignal } = {},
): Promise<Extract<WalEvent, { kind: 'commit' }>> {
  const lsn = parseLsn(text);
  const { segmentBytes } = await readWalArchive(source, signal ? { signal } : {});
  const first = lsn - segmentStart(BEFORE, segmentBytes);
  const request = {
    from: { lsn: formatLsn(first > 0n ? first : 0n) },
    to: { lsn: formatLsn(lsn + 1n) },
    ...(timeline === undefined ? {} : { timeline }),
  };
  let last: WalEvent | null = null;
  await scanEvents(source, request, (event) => (last = event), signal ? { signal } : {});
  const found = last as WalEvent | null;
  if (found?.kind === 'commit' && parseLsn(found.lsn) === lsn) return found;
  throw new RestorePointError({
    code: 'events.noCommit',
    what: l10n.t('No transaction was committed at {0}.', text),
    why: found ? l10n.t('The last one before it was at {0}.', found.lsn) : '',
    next: l10n.t('See restore-point wal events. To stop before any place: --target {0} --exclusive.', text),
  });
}
