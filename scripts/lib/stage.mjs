import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { atEnd, runOrThrow } from './run.mjs';
import { say } from './say.mjs';

const database = 'shop_dev';

/**
 * A throwaway PostgreSQL with the sample, a home of its own for Restore Point, and a workspace that names
 * the server in its `.env`. The password lies in a password file, as libpq wants it.
 */
export async function makeStage(root, folder, startCluster) {
  say('starting PostgreSQL with the sample database shop_dev');
  const server = await startCluster(15);
  atEnd(() => server.stop());
  await server.sql(`create database ${database}`);
  await server.load(join(root, 'scripts/sample/shop.sql'), database);

  const passFile = join(folder, 'pgpass');
  const escaped = server.password.replace(/[\\:]/g, '\\$&');
  await writeFile(passFile, `127.0.0.1:${server.port}:*:postgres:${escaped}\n`, { mode: 0o600 });
  const workspace = join(folder, 'shop');
  await mkdir(workspace);
  await writeFile(join(workspace, '.env'), `DATABASE_URL=${server.uri(database)}\n`, { mode: 0o600 });
  const home = join(folder, 'home');
  const env = { ...process.env, RESTORE_POINT_HOME: home, PGPASSFILE: passFile };
  const uri = (name) => `postgresql://postgres@127.0.0.1:${server.port}/${name}`;

  return {
    root,
    folder,
    server,
    database,
    workspace,
    env,
    uri,
    passFile,
    backups: join(home, 'backups'),
    /** Runs our command line and gives its JSON document; the password comes from the password file. */
    async cli(...args) {
      const output = await runOrThrow(process.execPath, [join(root, 'dist/cli.js'), ...args, '--json'], {
        env,
        cwd: workspace,
      });
      return JSON.parse(output);
    },
  };
}
