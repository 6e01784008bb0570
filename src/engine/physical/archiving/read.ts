import type { Client } from 'pg';
import { serverFacts } from '../../connections';
import { parseWalName } from '../wal/names';
import { parseLsn } from '../wal/lsn';
import { segmentNumber, segmentStart } from '../wal/segments';
import type { ArchiverFacts, ArchivingState, MissingRight, ReplicationSlot, ServerSetting } from './types';

const names = [
  'wal_level',
  'archive_mode',
  'archive_command',
  'archive_library',
  'archive_timeout',
  'max_wal_senders',
  'max_replication_slots',
  'max_slot_wal_keep_size',
  'wal_keep_size',
  'max_wal_size',
  'summarize_wal',
];

/**
 * Reads how a server archives. What the role may not see is left out and named in `rights`; whatever else fails is thrown.
 * https://www.postgresql.org/docs/current/continuous-archiving.html
 */
export async function readArchiving(client: Client): Promise<ArchivingState> {
  const { version, systemIdentifier, inRecovery, lsn } = await serverFacts(client);
  const { major } = version;
  const rights: MissingRight[] = [];
  const allowed = async <T extends object>(of: MissingRight['of'], query: string): Promise<T[] | null> => {
    try {
      return (await client.query<T>(query)).rows;
    } catch (error) {
      if ((error as { code?: string }).code !== '42501') throw error;
      rights.push({ of, needs: of === 'files' ? 'pg_file_settings' : 'pg_monitor' });
      return null;
    }
  };
  const one = async <T extends object>(query: string): Promise<T> => (await client.query<T>(query)).rows[0]!;
  const { user, superuser, used, most, segmentBytes, keep } = await one<{
    user: string;
    superuser: boolean;
    used: number;
    most: number;
    segmentBytes: string;
    keep: string | null;
  }>(
    `select current_user as user, r.rolsuper as superuser,
            (select count(*)::int from pg_catalog.pg_stat_replication) as used,
            pg_catalog.current_setting('max_wal_senders')::int as most,
            pg_catalog.pg_size_bytes(pg_catalog.current_setting('wal_segment_size'))::text as "segmentBytes",
            case when pg_catalog.current_setting('max_slot_wal_keep_size') <> '-1'
              then pg_catalog.pg_size_bytes(pg_catalog.current_setting('max_slot_wal_keep_size'))::text end as keep
       from pg_catalog.pg_roles r where r.rolname = current_user`,
  );
  const archiver = await readArchiver(client);
  const size = Number(segmentBytes);
  const waiting = await allowed<{ files: number; age: number | null }>(
    'waiting',
    `select count(*)::int as files, extract(epoch from now() - min(modification))::float8 as age
       from pg_catalog.pg_ls_archive_statusdir() where name like '%.ready'`,
  );
  const wal = await allowed<{ files: number; bytes: number }>(
    'wal',
    'select count(*)::int as files, coalesce(sum(size), 0)::float8 as bytes from pg_catalog.pg_ls_waldir()',
  );
  return {
    major,
    user,
    superuser,
    systemIdentifier,
    inRecovery,
    lsn,
    segmentBytes: size,
    settings: await readSettings(client, major, allowed),
    allowsAlterSystem: major < 17 || (await setting(client, 'allow_alter_system')) !== 'off',
    archiver,
    notArchived: behind(archiver.lastArchived, lsn, size),
    waiting: waiting && { files: waiting[0]!.files, oldestAge: waiting[0]!.age },
    wal: wal && wal[0]!,
    walPerDay: await readGrowth(client, major),
    maxSlotWalKeepBytes: keep === null ? null : Number(keep),
    slots: await readSlots(client, major, inRecovery),
    senders: { used, most },
    rights,
  };
}

/** `pg_stat_archiver`. */
export async function readArchiver(client: Client): Promise<ArchiverFacts> {
  const { rows } = await client.query<
    Record<'lastArchivedAt' | 'lastFailedAt' | 'since', Date | null> &
      Omit<ArchiverFacts, 'lastArchivedAt' | 'lastFailedAt' | 'since'>
  >(
    `select archived_count::float8 as archived, failed_count::float8 as failed,
            last_archived_wal as "lastArchived", last_archived_time as "lastArchivedAt",
            extract(epoch from now() - last_archived_time)::float8 as "lastArchivedAge",
            last_failed_wal as "lastFailed", last_failed_time as "lastFailedAt",
            extract(epoch from now() - last_failed_time)::float8 as "lastFailedAge",
            coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false) as failing,
            stats_reset as since
       from pg_catalog.pg_stat_archiver`,
  );
  const { lastArchivedAt, lastFailedAt, since, ...facts } = rows[0]!;
  return {
    ...facts,
    lastArchivedAt: iso(lastArchivedAt),
    lastFailedAt: iso(lastFailedAt),
    since: iso(since),
  };
}

/** Slots, those that hold back most first. */
export async function readSlots(
  client: Client,
  major: number,
  inRecovery: boolean,
): Promise<ReplicationSlot[]> {
  const here = inRecovery
    ? 'coalesce(pg_catalog.pg_last_wal_receive_lsn(), pg_catalog.pg_last_wal_replay_lsn())'
    : 'pg_catalog.pg_current_wal_lsn()';
  const { rows } = await client.query<
    Omit<ReplicationSlot, 'inactiveSince'> & { inactiveSince: Date | null }
  >(
    `select slot_name::text as name, slot_type as kind, database::text, active, temporary,
            restart_lsn::text as "restartLsn",
            greatest(0, pg_catalog.pg_wal_lsn_diff(${here}, restart_lsn))::float8 as held,
            wal_status as "walStatus", safe_wal_size::float8 as safe,
            ${major >= 17 ? 'invalidation_reason' : 'null'} as invalidation,
            ${major >= 17 ? 'inactive_since' : 'null::timestamptz'} as "inactiveSince"
       from pg_catalog.pg_replication_slots order by held desc nulls last, name`,
  );
  return rows.map((slot) => ({ ...slot, inactiveSince: iso(slot.inactiveSince) }));
}

async function readSettings(
  client: Client,
  major: number,
  allowed: <T extends object>(of: MissingRight['of'], query: string) => Promise<T[] | null>,
): Promise<ServerSetting[]> {
  // Before 15 only a superuser may; a parameter's own grant came with 15.
  const may =
    major >= 15
      ? `pg_catalog.has_parameter_privilege(name, 'ALTER SYSTEM')`
      : '(select rolsuper from pg_catalog.pg_roles where rolname = current_user)';
  // While archive_mode is off, `setting` of archive_command is "(disabled)"; its own value is in reset_val.
  const { rows } = await client.query<ServerSetting & { waits: boolean }>(
    `select name, case when name = 'archive_command' then reset_val
                       else pg_catalog.current_setting(name, true) end as value,
            context = 'postmaster' as "needsRestart", source, sourcefile as file, pending_restart as waits,
            ${may} as "mayAlter"
       from pg_catalog.pg_settings where name = any($1) order by array_position($1, name)`,
    [names],
  );
  const filed = rows.some(({ waits }) => waits)
    ? await allowed<{ name: string; value: string }>(
        'files',
        'select name, setting as value from pg_catalog.pg_file_settings where error is null or applied is false order by seqno',
      )
    : [];
  // The last line for a name counts.
  const last = new Map((filed ?? []).map(({ name, value }) => [name, value]));
  return rows.map(({ waits, ...found }) => ({
    ...found,
    ...(waits ? { pending: last.get(found.name) ?? null } : {}),
  }));
}

async function setting(client: Client, name: string): Promise<string | null> {
  const { rows } = await client.query<{ value: string | null }>(
    'select pg_catalog.current_setting($1, true) as value',
    [name],
  );
  return rows[0]?.value ?? null;
}

/** Bytes a day by `pg_stat_wal` (14 and later), once there is a quarter of an hour to tell it by. */
async function readGrowth(client: Client, major: number): Promise<number | null> {
  if (major < 14) return null;
  const { rows } = await client.query<{ perDay: number | null }>(
    `select case when s > 900 then wal_bytes::float8 * 86400 / s end as "perDay"
       from (select wal_bytes, extract(epoch from now() - greatest(stats_reset, pg_catalog.pg_postmaster_start_time()))::float8 as s
               from pg_catalog.pg_stat_wal) w`,
  );
  return rows[0]?.perDay ?? null;
}

/** Bytes of WAL behind the end of the last archived segment; a history that was archived last does not tell. */
function behind(last: string | null, lsn: string | null, segmentBytes: number): number | null {
  const name = last === null ? null : parseWalName(last);
  const number = name?.kind === 'segment' ? segmentNumber(name, segmentBytes) : null;
  if (number === null || lsn === null) return null;
  const bytes = parseLsn(lsn) - segmentStart(number + 1, segmentBytes);
  return bytes < 0n ? 0 : Number(bytes);
}

function iso(date: Date | null): string | null {
  return date?.toISOString() ?? null;
}
