import { relative } from 'node:path/posix';
import * as l10n from '@vscode/l10n';
import { parseLsn } from '../../pgdata/restoring';
import type { Warning } from '../../plan';
import type { BaseBackupRequest } from '../types';
import type { BaseServer } from './server';

/** What a base backup asks of the server beside the right to replicate. */
export interface BaseNeeds {
  walMethod: 'stream' | 'fetch' | 'none';
  /** A slot of the server, by name. */
  slot?: string;
  createsSlot: boolean;
  /** No slot at all was asked for. */
  noSlot: boolean;
  level: NonNullable<BaseBackupRequest['level']>;
  /** Where the parent begins, of levels that have one. */
  parentStart?: string;
}

const warn = (code: string, text: string, blocks = false): Warning => ({
  code: `basebackup.${code}`,
  text,
  ...(blocks ? { blocks: true } : {}),
});

/** What would fail or is worth knowing, told before anything runs. Pure. */
export function checkServer(server: BaseServer, needs: BaseNeeds): Warning[] {
  return [
    ...checkWalLevel(server),
    ...checkPages(server),
    ...checkSenders(server, needs),
    ...checkWal(server, needs),
    ...checkSlots(server, needs),
    ...checkSummaries(server, needs),
    ...checkTablespaces(server),
  ];
}

export function checkWalLevel({ walLevel }: BaseServer): Warning[] {
  if (walLevel !== 'minimal') return [];
  return [
    warn(
      'walLevel',
      l10n.t(
        'The server writes too little WAL for a base backup (wal_level = minimal). Set wal_level = replica and max_wal_senders above 0, and restart it.',
      ),
      true,
    ),
  ];
}

/** A primary writes whole pages for as long as a backup takes; a standby takes what its primary writes (xlog.c, do_pg_backup_start). */
export function checkPages({ inRecovery, fullPageWrites }: BaseServer): Warning[] {
  if (!inRecovery || fullPageWrites !== false) return [];
  return [
    warn(
      'fullPageWrites',
      l10n.t(
        'The server is a standby, and the WAL that it replays has no whole pages (full_page_writes = off): pages that change while they are copied could not be mended. Set full_page_writes = on on its primary, have it make a CHECKPOINT, and back up when the standby has replayed that; or back up the primary.',
      ),
      true,
    ),
  ];
}

/** A second WAL sender streams the WAL; a probing connection had one, so that one is free at least. */
function checkSenders({ maxWalSenders, walSenders }: BaseServer, { walMethod }: BaseNeeds): Warning[] {
  const needed = walMethod === 'stream' ? 2 : 1;
  if (maxWalSenders - walSenders >= needed) return [];
  return [
    warn(
      'walSenders',
      l10n.t(
        'The backup needs {0} WAL senders, and {1} of {2} are in use. Wait until another backup or standby is done, raise max_wal_senders (needs a restart), or take the WAL with --wal-method=fetch, which needs one.',
        needed,
        walSenders,
        maxWalSenders,
      ),
      true,
    ),
  ];
}

function checkWal(
  { walKeepMegabytes, archiving, inRecovery }: BaseServer,
  { walMethod }: BaseNeeds,
): Warning[] {
  if (walMethod === 'fetch' && walKeepMegabytes === 0)
    return [
      warn(
        'walKeepSize',
        l10n.t(
          'The WAL is fetched at the end, and the server keeps none for it (wal_keep_size = 0): if it is recycled before, the backup fails. Stream it, or set wal_keep_size.',
        ),
      ),
    ];
  if (walMethod !== 'none') return [];
  if (inRecovery && !archiving)
    return [
      warn(
        'noWal',
        l10n.t(
          'The backup has no WAL in it, and the server is a standby that archives none by itself: to restore it, the WAL archive of its primary is needed.',
        ),
      ),
    ];
  return [
    warn(
      'noWal',
      archiving
        ? l10n.t('The backup has no WAL in it: to restore it, the WAL archive of the server is needed.')
        : l10n.t(
            'The backup has no WAL in it, and the server archives none (archive_mode = off): it cannot be restored. Stream or fetch the WAL, or set up archiving first.',
          ),
      !archiving,
    ),
  ];
}

function checkSlots(
  { slots, maxSlots }: BaseServer,
  { walMethod, slot, createsSlot, noSlot }: BaseNeeds,
): Warning[] {
  if (walMethod !== 'stream' || noSlot) return [];
  const named = slots.find(({ name }) => name === slot);
  const full = slots.length >= maxSlots;
  const raise = l10n.t(
    'Drop one that nobody needs, raise max_replication_slots (needs a restart), or use none (--no-slot).',
  );
  if (slot === undefined || createsSlot) {
    if (createsSlot && named)
      return [
        warn(
          'slotExists',
          l10n.t(
            'There is a replication slot "{0}" already. Take another name, or use that one without --create-slot.',
            slot!,
          ),
          true,
        ),
      ];
    return full
      ? [
          warn(
            'slots',
            l10n.t('All {0} replication slots of the server are in use. {1}', maxSlots, raise),
            true,
          ),
        ]
      : [];
  }
  if (!named)
    return [
      warn(
        'slotMissing',
        l10n.t('There is no replication slot "{0}". Make it with --create-slot, or leave it out.', slot),
        true,
      ),
    ];
  if (!named.physical)
    return [
      warn(
        'slotLogical',
        l10n.t('The replication slot "{0}" is a logical one; a base backup needs a physical one.', slot),
        true,
      ),
    ];
  return named.active
    ? [
        warn(
          'slotActive',
          l10n.t('The replication slot "{0}" is in use. Take another one, or none.', slot),
          true,
        ),
      ]
    : [];
}

function checkSummaries(server: BaseServer, { level, parentStart }: BaseNeeds): Warning[] {
  if (level === 'full') return [];
  const { version, summarizesWal, oldestSummary } = server;
  if (version.major < 17)
    return [
      warn(
        'incremental',
        l10n.t(
          'Incremental backups came with PostgreSQL 17; the server is {0}. Make a full one.',
          version.text,
        ),
        true,
      ),
    ];
  if (!summarizesWal)
    return [
      warn(
        'summarizeWal',
        l10n.t(
          'The server does not note which blocks change (summarize_wal = off), so that an incremental backup cannot be made. Switch it on (ALTER SYSTEM SET summarize_wal = on; SELECT pg_reload_conf();), make a full backup, and incremental ones against that.',
        ),
        true,
      ),
    ];
  if (
    oldestSummary !== null &&
    parentStart !== undefined &&
    (parseLsn(oldestSummary) ?? 0n) > (parseLsn(parentStart) ?? 0n)
  )
    return [
      warn(
        'summaryMissing',
        l10n.t(
          'The server has notes of changed blocks from {0} on only, and the parent begins at {1}: they were removed (wal_summary_keep_time), or begun later. Make a full backup.',
          oldestSummary,
          parentStart,
        ),
        true,
      ),
    ];
  return [];
}

export function checkTablespaces({ tablespaces, dataDirectory }: BaseServer): Warning[] {
  if (dataDirectory === null) return [];
  return tablespaces
    .filter(({ location }) => {
      const way = relative(dataDirectory, location);
      return way !== '' && !way.startsWith('..') && !way.startsWith('/');
    })
    .map(({ name, location }) =>
      warn(
        'tablespaceInside',
        l10n.t(
          'The tablespace "{0}" lies inside the data directory ({1}), where PostgreSQL wants none: such a backup would hold it twice and could not be restored by hand. Move its tables to another tablespace first.',
          name,
          location,
        ),
        true,
      ),
    );
}
