import * as l10n from '@vscode/l10n';
import type { Client } from 'pg';
import { connectClient, endClient, type Access } from '../../connections';
import { CancelledError } from '../../errors';

/** Thrown by `use`'s work when it leaves its session in the middle of something: the session is given up. */
export class SessionLeft extends Error {}

/** Longer than this nobody should wait for a lock to read a table. */
const lockWaitMs = 10_000;

export interface SnapshotOptions {
  applicationName: string;
  /** Milliseconds a statement may take; absent: as long as it takes. */
  statementTimeout?: number | undefined;
  /** Settings of every session. */
  settings: Record<string, string>;
  signal: AbortSignal;
}

/**
 * Sessions on one database that all see the same moment. Source of the settings: what pg_dump sets
 * (https://www.postgresql.org/docs/current/app-pgdump.html, setup_connection in pg_dump.c).
 */
export class Snapshot {
  readonly #access: Access;
  readonly #database: string;
  readonly #options: SnapshotOptions;
  readonly #first: Client;
  readonly #idle: Client[] = [];
  readonly #all = new Set<Client>();
  readonly #waiting: ((client: Client) => void)[] = [];
  /** Null where the server exports none: a standby. Then there is one session. */
  readonly id: string | null;
  /** Of the server, ISO 8601. */
  readonly at: string;

  static async open(access: Access, database: string, options: SnapshotOptions): Promise<Snapshot> {
    const { signal, applicationName } = options;
    const client = await connectClient(access, database, { signal, applicationName });
    try {
      await begin(client, options);
      const { rows } = await client.query<{ at: Date; standby: boolean }>(
        'select pg_catalog.transaction_timestamp() as at, pg_catalog.pg_is_in_recovery() as standby',
      );
      const { at, standby } = rows[0]!;
      const exported = standby
        ? null
        : await client.query<{ id: string }>('select pg_catalog.pg_export_snapshot() as id');
      return new Snapshot(access, database, options, client, exported?.rows[0]?.id ?? null, at.toISOString());
    } catch (error) {
      await endClient(client);
      throw signal.aborted ? new CancelledError() : error;
    }
  }

  private constructor(
    access: Access,
    database: string,
    options: SnapshotOptions,
    first: Client,
    id: string | null,
    at: string,
  ) {
    this.#access = access;
    this.#database = database;
    this.#options = options;
    this.#first = first;
    this.id = id;
    this.at = at;
    this.#all.add(first);
    // The first session holds the snapshot. Where there are others, it only does that.
    if (id === null) this.#idle.push(first);
  }

  /** Runs `use` with a session of its own; what fails in it leaves the session as it was. */
  async use<T>(use: (client: Client) => Promise<T>): Promise<T> {
    const client = await this.#take();
    let broken = false;
    try {
      await client.query('savepoint one');
      const result = await use(client);
      await client.query('release savepoint one');
      return result;
    } catch (error) {
      if (error instanceof SessionLeft) broken = true;
      else await client.query('rollback to savepoint one').catch(() => (broken = true));
      throw error;
    } finally {
      if (broken) await this.#drop(client);
      else this.#give(client);
    }
  }

  async #take(): Promise<Client> {
    const idle = this.#idle.pop();
    if (idle) return idle;
    if (this.id === null) {
      if (!this.#all.has(this.#first)) throw new Error(l10n.t('The connection to the server was lost.'));
      return await new Promise((resolve) => this.#waiting.push(resolve));
    }
    const { signal, applicationName } = this.#options;
    const client = await connectClient(this.#access, this.#database, { signal, applicationName });
    this.#all.add(client);
    // Who is cut off says so in its next statement.
    client.on('error', () => {});
    try {
      await begin(client, this.#options, this.id);
    } catch (error) {
      await this.#drop(client);
      throw error;
    }
    return client;
  }

  #give(client: Client): void {
    const waiting = this.#waiting.shift();
    if (waiting) waiting(client);
    else this.#idle.push(client);
  }

  async #drop(client: Client): Promise<void> {
    this.#all.delete(client);
    await endClient(client);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#all].map((client) => endClient(client)));
    this.#all.clear();
  }
}

async function begin(client: Client, options: SnapshotOptions, snapshot?: string): Promise<void> {
  const { statementTimeout = 0, settings } = options;
  const set = {
    statement_timeout: String(statementTimeout),
    lock_timeout: String(lockWaitMs),
    idle_in_transaction_session_timeout: '0',
    search_path: '',
    DateStyle: 'ISO',
    IntervalStyle: 'postgres',
    extra_float_digits: '3',
    synchronize_seqscans: 'off',
    row_security: 'off',
    ...settings,
  };
  for (const [name, value] of Object.entries(set))
    await client.query('select pg_catalog.set_config($1, $2, false)', [name, value]);
  await client.query('begin transaction isolation level repeatable read, read only');
  if (snapshot !== undefined)
    await client.query(`set transaction snapshot '${snapshot.replaceAll("'", "''")}'`);
}
