import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findBuilds, type FindOptions } from '../../../src/engine/tools';
import type { Machine } from '../../../src/engine/tools/places';
import { layOutBuild } from '../../support/fakeBuild';

describe('findBuilds', function () {
  this.timeout(60_000);
  let root: string;
  beforeEach(async () => (root = await mkdtemp(join(tmpdir(), 'rp-find-'))));
  afterEach(() => rm(root, { recursive: true, force: true }));

  const machine = (platform: NodeJS.Platform, env: NodeJS.ProcessEnv = {}): Machine => ({
    platform,
    root,
    home: join(root, 'home'),
    env: { PATH: '', ...env },
  });
  const at = (path: string): string => join(root, path);
  const link = async (target: string, path: string): Promise<void> => {
    await mkdir(dirname(at(path)), { recursive: true });
    await symlink(target, at(path));
  };
  /** `ORIGIN VERSION FOLDER` of each build found, below the root. */
  const find = async (where: Machine, more: FindOptions = {}): Promise<string[]> =>
    (await findBuilds({ machine: where, ...more })).map(
      ({ origin, version, folder }) => `${origin} ${version.text} ${folder.slice(root.length)}`,
    );

  it('finds the usual places of Linux, newest first', async () => {
    await layOutBuild(at('usr/lib/postgresql/15/bin'), '15.18 (Debian 15.18-0+deb12u1)');
    await layOutBuild(at('usr/pgsql-17/bin'), '17.11');
    await layOutBuild(at('home/linuxbrew/.linuxbrew/opt/postgresql@18/bin'), '18.6 (Homebrew)');
    await layOutBuild(at('usr/local/pgsql/bin'), '19beta1');
    await layOutBuild(at('usr/libexec/postgresql16'), '16.3');
    await layOutBuild(at('home/.local/share/mise/installs/postgres/14.1/bin'), '14.1');
    assert.deepEqual(await find(machine('linux')), [
      'system 19beta1 /usr/local/pgsql/bin',
      'homebrew 18.6 (Homebrew) /home/linuxbrew/.linuxbrew/opt/postgresql@18/bin',
      'system 17.11 /usr/pgsql-17/bin',
      'system 16.3 /usr/libexec/postgresql16',
      'system 15.18 (Debian 15.18-0+deb12u1) /usr/lib/postgresql/15/bin',
      'installer 14.1 /home/.local/share/mise/installs/postgres/14.1/bin',
    ]);
  });

  it('finds the usual places of macOS, and a link to one of them only once', async () => {
    await layOutBuild(at('opt/homebrew/Cellar/postgresql@17/17.2/bin'), '17.2 (Homebrew)');
    await link(at('opt/homebrew/Cellar/postgresql@17/17.2'), 'opt/homebrew/opt/postgresql@17');
    await link(at('opt/homebrew/Cellar/postgresql@17/17.2/bin/pg_dump'), 'opt/homebrew/bin/pg_dump');
    await layOutBuild(at('Applications/Postgres.app/Contents/Versions/16/bin'), '16.9 (Postgres.app)');
    await link('16', 'Applications/Postgres.app/Contents/Versions/latest');
    await layOutBuild(at('Library/PostgreSQL/15/bin'), '15.1');
    await layOutBuild(at('usr/local/opt/libpq/bin'), '18.0 (Homebrew)');
    assert.deepEqual(await find(machine('darwin', { PATH: at('opt/homebrew/bin') })), [
      'homebrew 18.0 (Homebrew) /usr/local/opt/libpq/bin',
      'homebrew 17.2 (Homebrew) /opt/homebrew/opt/postgresql@17/bin',
      'postgresapp 16.9 (Postgres.app) /Applications/Postgres.app/Contents/Versions/16/bin',
      'installer 15.1 /Library/PostgreSQL/15/bin',
    ]);
  });

  it('finds the usual places of Windows', async () => {
    const env = {
      Path: `${at('tools')};${at('absent')}`,
      ProgramFiles: at('Program Files'),
      ProgramData: at('ProgramData'),
    };
    const suffix = '.exe';
    await layOutBuild(at('Program Files/PostgreSQL/17/bin'), '17.5', { suffix });
    await layOutBuild(at('Program Files/pgAdmin 4/runtime'), '18.1', { suffix });
    await layOutBuild(at('home/scoop/apps/postgresql/16.1/bin'), '16.1', { suffix });
    await layOutBuild(at('tools'), '15.2', { suffix });
    const where = machine('win32', env);
    delete where.env.PATH;
    assert.deepEqual(await find(where), [
      'installer 18.1 /Program Files/pgAdmin 4/runtime',
      'installer 17.5 /Program Files/PostgreSQL/17/bin',
      'scoop 16.1 /home/scoop/apps/postgresql/16.1/bin',
      'path 15.2 /tools',
    ]);
  });

  it("sees through Debian's pg_wrapper, and lists what it chooses among once", async () => {
    await layOutBuild(at('usr/lib/postgresql/15/bin'), '15.18');
    await layOutBuild(at('usr/share/postgresql-common'), '15.18', { tools: ['pg_dump'] });
    await mkdir(at('usr/bin'), { recursive: true });
    await link(at('usr/share/postgresql-common/pg_wrapper'), 'usr/bin/pg_dump');
    await writeFile(at('usr/share/postgresql-common/pg_wrapper'), '#!/bin/sh\n', { mode: 0o755 });
    const where = machine('linux', { PATH: at('usr/bin') });
    assert.deepEqual(await find(where), ['system 15.18 /usr/lib/postgresql/15/bin']);
    const problems: string[] = [];
    await find(where, { folders: [at('usr/bin')], onProblem: (folder) => problems.push(folder) });
    assert.deepEqual(problems, [at('usr/bin')]);
  });

  it('follows the alternatives of an RPM system from PATH to the real folder', async () => {
    await layOutBuild(at('opt/own/bin'), '17.1');
    await link(at('opt/own/bin/pg_dump'), 'etc/alternatives/pgsql-pg_dump');
    await link(at('etc/alternatives/pgsql-pg_dump'), 'usr/bin/pg_dump');
    assert.deepEqual(await find(machine('linux', { PATH: `${at('usr/bin')}:${at('usr/bin')}` })), [
      'path 17.1 /opt/own/bin',
    ]);
  });

  it("puts the setting's folder first, also as an installation's root, and says what is wrong with one", async () => {
    await layOutBuild(at('mine/bin'), '17.2');
    await layOutBuild(at('usr/pgsql-17/bin'), '17.2');
    await layOutBuild(at('damaged'), '17.2', { broken: 'error while loading shared libraries: libpq.so.5' });
    await mkdir(at('empty'));
    await writeFile(at('empty/pg_dump'), 'no program', { mode: 0o644 });
    await chmod(at('empty/pg_dump'), 0o644);
    const problems: string[] = [];
    const found = await find(machine('linux'), {
      folders: [at('mine'), at('damaged'), at('empty'), at('absent')],
      onProblem: (folder, reason) => problems.push(`${folder.slice(root.length)}: ${reason}`),
    });
    assert.deepEqual(found, ['setting 17.2 /mine/bin', 'system 17.2 /usr/pgsql-17/bin']);
    assert.deepEqual(problems.sort(), [
      '/absent: It holds no PostgreSQL programs that can be run.',
      '/damaged: error while loading shared libraries: libpq.so.5',
      '/empty: It holds no PostgreSQL programs that can be run.',
    ]);
  });

  it('asks what a build was made with', async () => {
    await layOutBuild(at('usr/pgsql-17/bin'), '17.1', { lacks: ['zstd'] });
    await layOutBuild(at('usr/pgsql-16/bin'), '16.1', { lacks: ['lz4', 'gzip'], tools: ['pg_dump', 'psql'] });
    await layOutBuild(at('usr/pgsql-15/bin'), '15.1', { tools: ['psql', 'pg_restore'] });
    const builds = await findBuilds({ machine: machine('linux') });
    assert.deepEqual(
      builds.map(({ compression, tools }) => [compression.join(), tools.join()]),
      [
        ['none,gzip,lz4', 'pg_dump,pg_dumpall,pg_restore,psql'],
        ['none,zstd', 'pg_dump,psql'],
        ['none', 'pg_restore,psql'],
      ],
    );
  });

  it('asks again only when a program has changed', async () => {
    const folder = at('usr/pgsql-17/bin');
    await layOutBuild(folder, '17.1');
    const questions = async (): Promise<number> =>
      (await readFile(join(folder, 'asked'), 'utf8')).split('\n').length - 1;
    await find(machine('linux'));
    assert.equal(await questions(), 4);
    await find(machine('linux'));
    assert.equal(await questions(), 4);
    await layOutBuild(folder, '17.2');
    await utimes(join(folder, 'pg_dump'), 1, 1);
    assert.deepEqual(await find(machine('linux')), ['system 17.2 /usr/pgsql-17/bin']);
    assert.equal(await questions(), 8);
  });

  it('can be aborted', async () => {
    await layOutBuild(at('usr/pgsql-17/bin'), '17.1');
    await assert.rejects(findBuilds({ machine: machine('linux'), signal: AbortSignal.abort() }), /abort/i);
  });

  it('looks where a prefix leads', async () => {
    await layOutBuild(at('remote one/bin'), '17.1', { lacks: ['lz4'] });
    await layOutBuild(at('old'), '15.3');
    const [first, second, ...more] = await findBuilds({
      // Nothing of this machine is found over there.
      prefix: ['env', `PATH=${at('old')}:/usr/bin:/bin`],
      folders: [at('remote one/bin')],
    });
    const mine = [first, second, ...more].filter((build) => build!.folder.startsWith(root));
    assert.deepEqual(
      mine.map((build) => [build!.folder.slice(root.length), build!.origin, build!.compression.join()]),
      [
        ['/remote one/bin', 'prefix', 'none,gzip,zstd'],
        ['/old', 'prefix', 'none,gzip'],
      ],
    );
    assert.deepEqual(mine[0]!.prefix, ['env', `PATH=${at('old')}:/usr/bin:/bin`]);
  });

  it('says when a prefix leads nowhere', async () => {
    await assert.rejects(findBuilds({ prefix: ['false'] }), { code: 'tool.prefix' });
    await assert.rejects(findBuilds({ prefix: [at('absent')] }), { code: 'tool.notStarted' });
  });
});
