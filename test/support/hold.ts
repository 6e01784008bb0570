import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Cluster } from './postgres';

/** A table locked by a session of ours: whoever dumps it waits, for as long as a test needs. */
export interface Held {
  /** Resolves when pg_dump waits for the table; those who only ask for sizes give up by themselves. */
  waitedFor(): Promise<void>;
  release(): Promise<void>;
}

/** Locks a table in a database of a cluster; names are quoted by the caller. */
export async function holdTable(cluster: Cluster, database: string, table: string): Promise<Held> {
  const { bin, socketDir, port } = cluster;
  const child = spawn(
    join(bin, 'psql'),
    ['-X', '-q', '-At', '-h', socketDir, '-p', String(port), '-U', 'postgres', '-d', database],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const locked = new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve());
    child.once('exit', () => reject(new Error(`psql ended before it had locked ${table}.`)));
  });
  child.stdin.write(`begin; lock table ${table} in access exclusive mode; select 'locked';\n`);
  await locked;
  return {
    async waitedFor() {
      const waiting = `select count(*) from pg_stat_activity
        where wait_event_type = 'Lock' and datname = current_database() and query ~* '^lock table'`;
      while ((await cluster.sql(waiting, database)) === '0')
        await new Promise((resolve) => setTimeout(resolve, 100));
    },
    async release() {
      child.stdin.end('rollback;\n');
      await exited;
    },
  };
}
