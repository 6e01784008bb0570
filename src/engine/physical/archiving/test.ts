import type { Client } from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import * as l10n from '@vscode/l10n';
import { isDatabaseError, reasonOf } from '../../connections';
import { notArchived } from './archived';
import { CancelledError, RestorePointError } from '../../errors';
import { WalFolder } from '../wal/folder';
import { checkSegments, missingSegments } from '../wal/needed';
import { readArchiver, readArchiving } from './read';
import { reportArchiving } from './report';
import type { ArchiverFacts, ArchivingState } from './types';

const everyMs = 200;
/** The archiver tries three times (NUM_ARCHIVE_RETRIES in pgarch.c), then waits a minute. */
const attempts = 3;

export interface ArchiveTestOptions {
  /** The archive, as it is found from here; absent: the server's word is taken. */
  folder?: string;
  /** Longest that is waited, in all; default 60. */
  seconds?: number;
  signal?: AbortSignal;
  /** What is done now, a sentence. */
  onProgress?(text: string): void;
}

/** What a test of the archive showed. */
export interface ArchiveTested {
  /** The segment that was ended for it. */
  segment: string;
  /** The restore point that lies in it, and its place. */
  name: string;
  lsn: string;
  /** From the switch until the server called it archived. */
  archivedMs: number;
  /** It was read record by record in the folder; null where no folder was named. */
  folder: string | null;
}

/**
 * Ends the present segment, and waits until the server has archived it and until it is in the folder, whole. Changes nothing
 * but a record in the WAL. Throws `archiving.off`, `archiving.standby`, `archiving.right`, `archiving.failed`,
 * `archiving.slow`, `archiving.notInFolder`, `archiving.damaged`, what reading a folder throws; CancelledError.
 */
export async function testArchiving(
  client: Client,
  { folder, seconds = 60, signal, onProgress }: ArchiveTestOptions = {},
): Promise<ArchiveTested> {
  const state = await readArchiving(client);
  refuse(state);
  const began = performance.now();
  const isOver = (): boolean => performance.now() - began > seconds * 1000;
  const pause = async (): Promise<void> => {
    await sleep(everyMs, undefined, signal ? { signal } : {}).catch(() => undefined);
    if (signal?.aborted) throw new CancelledError();
  };
  const before = await readArchiver(client);
  onProgress?.(l10n.t('Ending the present segment'));
  const { name, lsn, segment } = await switchSegment(client, state);
  const switched = performance.now();
  onProgress?.(l10n.t('Waiting until {0} is archived', segment));
  for (;;) {
    const now = await readArchiver(client);
    if ((await notArchived(client, [segment])).length === 0) break;
    if (now.failing && now.failed - before.failed >= attempts) throw failed(now, segment);
    if (isOver())
      throw now.failing && now.failed > before.failed ? failed(now, segment) : slow(segment, seconds);
    await pause();
  }
  const tested = { segment, name, lsn, archivedMs: Math.round(performance.now() - switched) };
  if (folder === undefined) return { ...tested, folder: null };
  const source = new WalFolder(folder);
  onProgress?.(l10n.t('Looking for {0} in {1}', segment, folder));
  while ((await missingSegments(source, [segment], signal)).length) {
    if (isOver()) throw notInFolder(segment, folder);
    await pause();
  }
  onProgress?.(l10n.t('Reading {0}', segment));
  const faults = await checkSegments(source, [segment], state.systemIdentifier ?? '', signal);
  if (faults.length)
    throw new RestorePointError({
      code: 'archiving.damaged',
      what: l10n.t('{0} is in the archive, but damaged.', segment),
      why: faults.map(({ file, what }) => `${file}: ${what}`).join('\n'),
      next: l10n.t(
        'Look at what archive_command does to the file, and check the whole archive (wal check --deep).',
      ),
    });
  return { ...tested, folder };
}

function refuse(state: ArchivingState): void {
  const { condition, text, notices } = reportArchiving(state);
  if (state.inRecovery)
    throw new RestorePointError({
      code: 'archiving.standby',
      what: l10n.t('A standby cannot end a segment: the archive cannot be tested from here.'),
      why: l10n.t('Only a primary writes WAL.'),
      next: l10n.t('Test the archive on the primary.'),
    });
  if (condition !== 'off' && condition !== 'restart' && condition !== 'noCommand') return;
  throw new RestorePointError({
    code: 'archiving.off',
    what: text,
    why: condition === 'noCommand' ? notices[0]!.text : '',
    next:
      condition === 'restart'
        ? l10n.t('Restart the server first.')
        : l10n.t('Set up archiving first (restore-point wal setup).'),
  });
}

async function switchSegment(
  client: Client,
  { user }: ArchivingState,
): Promise<{ name: string; lsn: string; segment: string }> {
  const name = `restore-point-test-${new Date().toISOString().replace(/[-:]|\.\d+/g, '')}`;
  try {
    const { rows } = await client.query<{ lsn: string }>(
      'select pg_catalog.pg_create_restore_point($1)::text as lsn',
      [name],
    );
    const switched = await client.query<{ segment: string }>(
      'select pg_catalog.pg_walfile_name(pg_catalog.pg_switch_wal()) as segment',
    );
    return { name, lsn: rows[0]!.lsn, segment: switched.rows[0]!.segment };
  } catch (error) {
    if (!isDatabaseError(error) || error.code !== '42501') throw error;
    throw new RestorePointError(
      {
        code: 'archiving.right',
        what: l10n.t('The role "{0}" may not end a segment of the WAL.', user),
        why: reasonOf(error),
        next: l10n.t(
          'Have EXECUTE on pg_create_restore_point and pg_switch_wal granted to it by a superuser, or test as one.',
        ),
        sqlState: '42501',
      },
      { cause: error },
    );
  }
}

function failed(
  { lastFailed, lastFailedAge, failed: times }: ArchiverFacts,
  segment: string,
): RestorePointError {
  return new RestorePointError({
    code: 'archiving.failed',
    what: l10n.t('The server could not archive {0}: the archive does not work.', segment),
    why: l10n.t(
      'pg_stat_archiver: {0} failed {1} s ago, {2} failures in all.',
      lastFailed ?? segment,
      Math.round(lastFailedAge ?? 0),
      times,
    ),
    next: l10n.t(
      "The server's log has what archive_command said. Run the command as the server's user with the path of a segment, mend it, and test again; the server keeps the WAL and tries again by itself.",
    ),
    remedies: [{ do: 'retry' }],
  });
}

function slow(segment: string, seconds: number): RestorePointError {
  return new RestorePointError({
    code: 'archiving.slow',
    what: l10n.t('{0} was not archived within {1} seconds.', segment, seconds),
    why: l10n.t(
      'The server tells of no failure: the command is still running, or other segments come first.',
    ),
    next: l10n.t('See what waits with restore-point wal status, and give it longer with --timeout.'),
    remedies: [{ do: 'retry' }],
  });
}

function notInFolder(segment: string, folder: string): RestorePointError {
  return new RestorePointError({
    code: 'archiving.notInFolder',
    what: l10n.t('The server calls {0} archived, but it is not in "{1}".', segment, folder),
    why: l10n.t(
      'archive_command puts it elsewhere, or the folder is another one on the machine of the server.',
    ),
    next: l10n.t('Compare the folder in archive_command with this one.'),
  });
}
