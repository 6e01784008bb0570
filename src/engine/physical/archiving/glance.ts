import type { Client } from 'pg';
import { slotNotice } from './slots';
import { readArchiver, readSlots } from './read';
import type { ArchiverFacts, ArchivingNotice } from './types';

/** As much of the state as a row of a tree shows. */
export interface ArchivingGlance {
  /** `archive_mode` is not off. */
  on: boolean;
  archiver: ArchiverFacts;
  slots: number;
  /** What is wrong with a slot, the worst first. */
  notices: ArchivingNotice[];
}

/** Reads it in three short queries that every role may ask. */
export async function glanceArchiving(client: Client): Promise<ArchivingGlance> {
  const { rows } = await client.query<{ mode: string; major: number; standby: boolean }>(
    `select pg_catalog.current_setting('archive_mode') as mode,
            pg_catalog.current_setting('server_version_num')::int / 10000 as major,
            pg_catalog.pg_is_in_recovery() as standby`,
  );
  const { mode, major, standby } = rows[0]!;
  const slots = (await readSlots(client, major, standby)).filter(({ temporary }) => !temporary);
  const notices = slots.flatMap((slot) => slotNotice(slot) ?? []);
  return {
    on: standby ? mode === 'always' : mode !== 'off',
    archiver: await readArchiver(client),
    slots: slots.length,
    notices: [
      ...notices.filter(({ level }) => level === 'error'),
      ...notices.filter(({ level }) => level !== 'error'),
    ],
  };
}
