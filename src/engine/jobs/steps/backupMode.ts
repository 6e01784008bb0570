import type { Client } from 'pg';
import { quoteLiteral } from '../../quote';

/** What `pg_backup_stop` gives back. */
export interface Stopped {
  lsn: string;
  /** Content of `backup_label`. */
  label: string;
  /** Content of `tablespace_map`; empty without tablespaces. */
  map: string;
}

/**
 * The session that holds a server in backup mode; the server leaves it by itself when the session ends. The functions
 * were renamed in 15. https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-ADMIN-BACKUP
 */
export class BackupMode {
  readonly #client: Client;
  readonly #renamed: boolean;
  #isOn = false;

  constructor(client: Client, major: number) {
    this.#client = client;
    this.#renamed = major >= 15;
  }

  /** Begins it; where the WAL begins that is needed. Throws what the server says. */
  async start(label: string, fast: boolean): Promise<string> {
    // An idle session that were ended would end the backup.
    await this.#client.query('set idle_session_timeout = 0').catch(() => undefined);
    await this.#client.query('set statement_timeout = 0');
    const { rows } = await this.#client.query<{ lsn: string }>(startStatement(this.#renamed, label, fast));
    this.#isOn = true;
    return rows[0]!.lsn;
  }

  /** Ends it, without waiting for the archive. Throws what the server says, also when it is not on any more. */
  async stop(): Promise<Stopped> {
    this.#isOn = false;
    const { rows } = await this.#client.query<Stopped>(
      `select lsn::text as lsn, labelfile as label, coalesce(spcmapfile, '') as map
         from pg_catalog.${this.#renamed ? 'pg_backup_stop(false)' : 'pg_stop_backup(false, false)'}`,
    );
    return rows[0]!;
  }

  /** Ends one whose copy is worth nothing; that it cannot be ended any more is no matter, for the session ends next. */
  async abandon(): Promise<void> {
    if (this.#isOn) await this.stop().catch(() => undefined);
  }
}

export function startStatement(renamed: boolean, label: string, fast: boolean): string {
  return renamed
    ? `select pg_catalog.pg_backup_start(${quoteLiteral(label)}, ${fast})::text as lsn`
    : `select pg_catalog.pg_start_backup(${quoteLiteral(label)}, ${fast}, false)::text as lsn`;
}
