import type { Client } from 'pg';
import * as l10n from '@vscode/l10n';
import { serverFacts } from '../../connections';
import { RestorePointError } from '../../errors';
import {
  checkSegments,
  missingSegments,
  notArchived,
  stampOf,
  WalFolder,
  type WalFault,
} from '../../physical';
import type { CopyOnlineStep } from '../../plan';
import { throwIfCancelled, until } from '../wait';
import type { StepContext } from './types';

const askEveryMs = 500;
/** A file that is not whole may still be written (`cp` gives it its name first): it is damaged when it stays so. */
const settleMs = 5000;
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
  if (source) await untilWhole(source, segments, systemIdentifier, signal);
}

/** Reads them, again for as long as somebody writes to them. */
async function untilWhole(
  source: WalFolder,
  segments: string[],
  systemIdentifier: string,
  signal: AbortSignal,
): Promise<void> {
  let seen = { stamp: '', at: 0 };
  for (;;) {
    const faults = await checkSegments(source, segments, systemIdentifier, signal);
    if (faults.length === 0) return;
    const stamp = await stampOf(source, segments, signal);
    if (stamp !== seen.stamp) seen = { stamp, at: performance.now() };
    else if (performance.now() - seen.at > settleMs) throw walDamaged(faults);
    await until(askEveryMs, signal);
    throwIfCancelled(signal);
  }
}

function walDamaged(faults: WalFault[]): RestorePointError {
  return new RestorePointError({
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
  const { inRecovery } = await serverFacts(client);
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
    next: inRecovery
      ? l10n.t(
          'The server is a standby: have its primary end the segment (SELECT pg_switch_wal();) while the backup waits, see that archiving works there, or wait longer with --wal-timeout.',
        )
      : l10n.t(
          'See that archiving works (archive_command, pg_stat_archiver), or wait longer with --wal-timeout.',
        ),
  });
}
