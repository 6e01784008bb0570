import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import {
  listDatabases,
  listRelations,
  openAccess,
  resolve,
  toConnection,
  withClient,
} from '../../src/engine/connections';
import { startCluster } from '../support/postgres';
import { uriWithoutPassword } from './database';
import { runPair } from './pairs';

const run = promisify(execFile);
const databases = Number(process.env.RESTORE_POINT_BENCH_DATABASES || 1_000);
const tables = 10_000;
/** As the tree pages. */
const pageSize = 500;

/** What the tree asks of a server with many databases and a schema with many tables, against psql's listings. */
export async function benchTree(): Promise<void> {
  const cluster = await startCluster(15, { settings: { max_locks_per_transaction: '1024' } });
  try {
    await cluster.sql('CREATE DATABASE many');
    const create = `SELECT format('CREATE TABLE t%s (id int PRIMARY KEY, note text)', n) FROM generate_series(1, ${tables}) n`;
    await cluster.sql(
      `DO $$ DECLARE s text; BEGIN FOR s IN ${create} LOOP EXECUTE s; END LOOP; END $$`,
      'many',
    );
    for (let n = 1; n <= databases; n++) await cluster.sql(`CREATE DATABASE d${n} STRATEGY file_copy`);

    const connection = await resolve(toConnection(uriWithoutPassword(cluster)));
    const access = await openAccess(connection, { password: cluster.password });
    const env = { ...process.env, PGPASSWORD: cluster.password };
    const psql = async (database: string, command: string): Promise<void> => {
      const args = ['-X', '-h', '127.0.0.1', '-p', String(cluster.port), '-U', 'postgres', '-d', database];
      await run(`${cluster.bin}/psql`, [...args, '-c', command], { env, maxBuffer: 1 << 26 });
    };
    try {
      await runPair({
        name: `${databases} databases with sizes: the tree's first page against psql \\l+`,
        aim: 'at most 1',
        ratio: 'of theirs',
        ours: () =>
          withClient(
            access,
            'postgres',
            async (client) => void (await listDatabases(client, { limit: pageSize })),
          ),
        theirs: () => psql('postgres', '\\l+'),
      });
      await runPair({
        name: `${tables} tables: the tree's first page against psql \\dt+`,
        aim: 'at most 1',
        ratio: 'of theirs',
        ours: () =>
          withClient(
            access,
            'many',
            async (client) => void (await listRelations(client, 'public', { limit: pageSize })),
          ),
        theirs: () => psql('many', '\\dt+'),
      });
    } finally {
      await access.close();
    }
  } finally {
    await cluster.stop();
  }
}
