import * as l10n from '@vscode/l10n';
import { formatBytes } from '../../format';
import { quoteLiteral } from '../../quote';
import type { ArchivingNotice, ReplicationSlot } from './types';

/** Bytes a slot may hold back before it is warned of, where nobody said how many. */
export const DEFAULT_HELD_BYTES = 1024 ** 3;

/**
 * What is wrong with a slot; null when nothing is. A slot that nobody uses keeps WAL until the disk is full, or until
 * `max_slot_wal_keep_size` has it lost. https://www.postgresql.org/docs/current/view-pg-replication-slots.html
 */
export function slotNotice(
  { name, active, held, walStatus, safe, invalidation }: ReplicationSlot,
  mostHeld = DEFAULT_HELD_BYTES,
): ArchivingNotice | null {
  const about = { slot: name };
  const drop = l10n.t(
    'Let its user catch up; when nobody needs it any more: SELECT pg_drop_replication_slot({0});',
    quoteLiteral(name),
  );
  if (walStatus === 'lost' || invalidation !== null)
    return {
      ...about,
      code: 'slot.lost',
      level: 'error',
      text:
        invalidation === null
          ? l10n.t('The replication slot "{0}" is lost: the server has removed WAL that it needs.', name)
          : l10n.t('The replication slot "{0}" is lost: {1}.', name, invalidation),
      next: l10n.t(
        'Its user has to begin anew. Drop it: SELECT pg_drop_replication_slot({0});',
        quoteLiteral(name),
      ),
    };
  if (walStatus === 'unreserved')
    return {
      ...about,
      code: 'slot.unreserved',
      level: 'error',
      text: l10n.t(
        'The replication slot "{0}" will be lost at the next checkpoint: it is {1} behind, and the server no longer keeps its WAL.',
        name,
        formatBytes(held ?? 0),
      ),
      next: active ? l10n.t('Let its user catch up at once, or raise max_slot_wal_keep_size.') : drop,
    };
  if (held !== null && held > mostHeld)
    return {
      ...about,
      code: 'slot.held',
      level: 'warning',
      text: active
        ? l10n.t('The replication slot "{0}" holds back {1} of WAL.', name, formatBytes(held))
        : l10n.t(
            'The replication slot "{0}" holds back {1} of WAL, and nobody uses it.',
            name,
            formatBytes(held),
          ),
      next: drop,
    };
  if (walStatus === 'extended' && safe !== null)
    return {
      ...about,
      code: 'slot.extended',
      level: 'warning',
      text: l10n.t(
        'The replication slot "{0}" holds back more WAL than max_wal_size; it is lost after another {1}.',
        name,
        formatBytes(Math.max(0, safe)),
      ),
      next: drop,
    };
  return null;
}
