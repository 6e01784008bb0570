import type { Client } from 'pg';
import * as l10n from '@vscode/l10n';
import { RestorePointError } from '../../errors';
import { checkSegments, missingSegments, notArchived, WalFolder } from '../../physical';
import type { CopyOnlineStep } from '../../plan';
import { throwIfCancelled, until } from '../wait';
import type { StepContext } from './types';

const askEveryMs = 500;
const namedAtMost = 5;

/**
 * Waits until the WAL a backup needs is archived: in the folder that was named, where it is read, too, or else by what the
 * server says. Throws `lowlevel.walMissing`, `lowlevel.walDamaged`.
 */
export async function waitForWal(
  { walFrom, walSeconds }: CopyOnlineStep,
  segments: string[],
  systemIdentifier: string,
  client: Client,
  context: StepContext,
): Promise<void> {
  const { signal, progress, log } = context;
  const source = walFrom === null ? null : new WalFolder(walFrom);
  log('info', segments.join(' '), 'wal');
  const began = performance.now();
  for (;;) {
    const missing = source
      ? await missingSegments(source, segments, signal)
      : await notArchived(client, segments);
    if (missing.length === 0) break;
    progress(null, l10n.t('Waits for the WAL to be archived: {0}', missing[0]!));
    if (performance.now() - began > walSeconds * 1000) throw await walMissing(missing, walSeconds, client);
    await until(askEveryMs, signal);
    throwIfCancelled(signal);
  }
  if (!source) return;
  const faults = await checkSegments(source, segments, systemIdentifier, signal);
  if (faults.length === 0) return;
  throw new RestorePointError({
    code: 'lowlevel.walDamaged',
    what: l10n.t('The WAL that the backup needs is damaged in the archive: it could not be restored.'),
    why: faults
      .slice(0, namedAtMost)
      .map(({ file, what }) => `${file}: ${what}`)
      .join('\n'),
    next: l10n.t('Check the archive (restore-point wal check), and run the backup again.'),
  });
}

async function walMissing(missing: string[], seconds: number, client: Client): Promise<RestorePointError> {
  const { rows } = await client
    .query<{ failed: string | null }>(
      `select last_failed_wal || ' (' || last_failed_time || ')' as failed from pg_catalog.pg_stat_archiver
        where last_failed_time > coalesce(last_archived_time, '-infinity')`,
    )
    .catch(() => ({ rows: [] }));
  const failed = rows[0]?.failed;
  return new RestorePointError({
    code: 'lowlevel.walMissing',
    what: l10n.t(
      'The WAL that the backup needs was not archived within {0} seconds; the copy was removed.',
      seconds,
    ),
    why: [
      l10n.t('Missing: {0}.', missing.slice(0, namedAtMost).join(', ')),
      ...(failed ? [l10n.t('The server could not archive {0}.', failed)] : []),
    ].join(' '),
    next: l10n.t(
      'See that archiving works (archive_command, pg_stat_archiver), or wait longer with --wal-timeout.',
    ),
  });
}
