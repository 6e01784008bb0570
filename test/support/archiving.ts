import { chown, mkdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { readWalArchive, WalFolder, type WalArchive } from '../../src/engine/physical';
import { startCluster, type Cluster } from './postgres';
import { asServer } from './recovery';

export const cli = resolve('dist/cli.js');
/** Our command line as a server's setting has it. */
export const command = (...args: string[]): string => `"${process.execPath}" "${cli}" wal ${args.join(' ')}`;
export const compressions = { 15: 'gzip', 17: 'zstd', 18: 'none' } as const;

/** A server that archives by our command; its folder is the server's own. */
export class Archiving {
  readonly cluster: Cluster;
  readonly archive: string;

  private constructor(cluster: Cluster) {
    this.cluster = cluster;
    this.archive = join(cluster.socketDir, 'archive');
  }

  static async start(
    major: 15 | 17 | 18,
    initdb: string[] = [],
    more: Record<string, string> = {},
  ): Promise<Archiving> {
    const settings = {
      ...more,
      archive_mode: 'on',
      wal_level: 'replica',
      full_page_writes: 'on',
      autovacuum: 'off',
    };
    const server = new Archiving(await startCluster(major, { settings, initdb }));
    const { uid, gid } = await stat(server.cluster.dataDir);
    await mkdir(server.archive, { mode: 0o700 });
    await chown(server.archive, uid, gid);
    const push = command('push', '%p', '--to', `"${server.archive}"`, '--compress', compressions[major]);
    await server.cluster.sql(`alter system set archive_command = '${push}'`);
    await server.cluster.sql('select pg_reload_conf()');
    return server;
  }

  /** Ends the segment and waits until it is in the archive. */
  async switch(): Promise<void> {
    const { cluster } = this;
    // Without anything new there is nothing to switch from.
    await cluster.sql(`select pg_create_restore_point('switch')`);
    const last = await cluster.sql('select pg_walfile_name(pg_switch_wal())');
    // Not by what was archived last: the history of a backup, written late, has the name of an older segment.
    const done = `select exists (select from pg_ls_archive_statusdir() where name = '${last}.done')
                      or not exists (select from pg_ls_waldir() where name = '${last}')`;
    while ((await cluster.sql(done)) !== 't') await new Promise((wait) => setTimeout(wait, 100));
  }

  async read(): Promise<WalArchive> {
    return await readWalArchive(new WalFolder(this.archive));
  }

  /** A copy of a folder of the server's beside it. */
  async copyOf(folder: string, name: string): Promise<string> {
    const path = join(this.cluster.socketDir, name);
    await asServer(this.cluster, '/bin/cp', ['-a', folder, path]);
    return path;
  }
}
