import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { freePort, postgresBin, startCluster, type Cluster } from '../../support/postgres';
import { newUser, reach, type BackupDocument, type ErrorDocument, type User } from './support';

const run = promisify(execFile);

describe('restore-point backup with bad input', function () {
  this.timeout(180_000);
  let old: Cluster;
  let latest: Cluster;
  let user: User;

  const fails = async (args: string[], env: Record<string, string> = {}) => {
    const ran = await user.json<ErrorDocument>(['backup', ...args], { env });
    const { code, what, why, next } = ran.document.error;
    assert.ok(code && what && next && typeof why === 'string', ran.stdout);
    assert.ok(ran.stderr.includes(what));
    return { ...ran, error: ran.document.error };
  };

  before(async () => {
    [old, latest] = await Promise.all([startCluster(15), startCluster(18)]);
    user = await newUser();
    await latest.sql('create database shop');
    await latest.sql(
      `create table open (id int); create table "Closed one" (id int);
       create role reader login password 'r3ader-s3cret'; grant select on open to reader`,
      'shop',
    );
  });
  after(async () => {
    await Promise.all([old?.stop(), latest?.stop()]);
    await user?.remove();
  });

  it('server down', async () => {
    const port = await freePort();
    const { code, error } = await fails(['--connection', `postgresql://a@127.0.0.1:${port}/x`], {
      PGPASSWORD: 'x',
    });
    assert.equal(code, 1);
    assert.equal(error.code, 'connection.refused');
  });

  it('wrong password, and none', async () => {
    const { args } = reach(latest);
    const wrong = await fails(args, { PGPASSWORD: 'wr0ng-one' });
    assert.equal(wrong.code, 1);
    assert.equal(wrong.error.code, 'connection.password');
    assert.ok(!(wrong.stdout + wrong.stderr).includes('wr0ng-one'));
    const none = await fails(args);
    assert.equal(none.code, 1);
    assert.equal(none.error.code, 'connection.passwordNeeded');
  });

  it('a password in an argument is refused and not repeated', async () => {
    for (const text of [
      latest.uri('shop'),
      `host=127.0.0.1 port=${latest.port} password='${latest.password}'`,
    ]) {
      const { code, error, stdout, stderr } = await fails(['--connection', text]);
      assert.equal(code, 2);
      assert.equal(error.code, 'connection.secret');
      for (const secret of [latest.password, encodeURIComponent(latest.password)])
        assert.ok(!(stdout + stderr).includes(secret));
    }
  });

  it('missing database', async () => {
    const { args, env } = reach(latest);
    const { code, error } = await fails([...args, '--database', 'nowhere "to be seen'], env);
    assert.equal(code, 1);
    assert.equal(error.code, 'connection.database');
    assert.match(error.what + error.why, /nowhere "to be seen/);
  });

  it('missing role, and one that one may not be', async () => {
    const { args, env } = reach(latest);
    const none = await fails([...args, '--database', 'shop', '--role', 'no "such"'], env);
    assert.equal(none.error.code, 'backup.role');
    assert.equal(none.error.sqlState, '22023');
    assert.match(none.error.what, /no "such"/);
    const reader = reach(latest, 'reader');
    const refused = await fails([...reader.args, '--database', 'shop', '--role', 'postgres'], {
      PGPASSWORD: 'r3ader-s3cret',
    });
    assert.equal(refused.error.code, 'backup.role');
    assert.match(refused.error.next, /GRANT "?postgres"? TO "?reader"?/);
    assert.deepEqual(await leftovers(), []);
  });

  it('missing right: the table and the right are named', async () => {
    const { args } = reach(latest, 'reader');
    const env = { PGPASSWORD: 'r3ader-s3cret' };
    const { code, error } = await fails([...args, '--database', 'shop'], env);
    assert.equal(code, 1);
    assert.equal(error.code, 'backup.rights');
    assert.match(error.why, /SELECT on TABLE public\.Closed one/);
    const part = await user.json<BackupDocument>(['backup', ...args, '--database', 'shop', '-t', 'open'], {
      env,
    });
    assert.equal(part.code, 0, part.stderr);
    const stubborn = await fails([...args, '--database', 'shop', '--ignore-missing-rights'], env);
    assert.match(stubborn.error.why, /permission denied for table "?Closed one/);
    assert.deepEqual(await leftovers(), []);
  });

  it('roles without their passwords for who is no superuser, with a word', async () => {
    const { args } = reach(latest, 'reader');
    const ran = await user.json<BackupDocument>(
      ['backup', ...args, '--method', 'dumpall', '--scope', 'globals'],
      {
        env: { PGPASSWORD: 'r3ader-s3cret' },
      },
    );
    assert.equal(ran.code, 0, ran.stderr);
    assert.deepEqual(
      ran.document.warnings.map(({ code }) => code),
      ['backup.rolePasswords'],
    );
    const script = await readFile(ran.document.artifact, 'utf8');
    assert.match(script, /CREATE ROLE reader/);
    assert.doesNotMatch(script, /PASSWORD/);
  });

  it('large objects one may not read', async () => {
    await latest.sql(`create database objects`);
    await latest.sql(`select lo_from_bytea(4242, 'x')`, 'objects');
    const { args } = reach(latest, 'reader');
    const env = { PGPASSWORD: 'r3ader-s3cret' };
    const { error } = await fails([...args, '--database', 'objects'], env);
    assert.equal(error.code, 'backup.rights');
    assert.match(error.why, /SELECT on LARGE OBJECT 4242/);
    const really = await fails([...args, '--database', 'objects', '--ignore-missing-rights'], env);
    assert.match(really.error.what + really.error.why, /permission denied for large object 4242/);
    await latest.sql('grant select on large object 4242 to reader', 'objects');
    assert.equal((await user.run(['backup', ...args, '--database', 'objects'], { env })).code, 0);
  });

  it('client older than the server', async () => {
    const { args, env } = reach(latest);
    const { code, error } = await fails([...args.slice(0, 2), '--tools', postgresBin(15)!], env);
    assert.equal(code, 1);
    assert.equal(error.code, 'tool.tooOld');
    assert.match(error.why, /18/);
  });

  it('client without zstd', async () => {
    const { args, env } = reach(old);
    const { code, error } = await fails([...args, '--compress', 'zstd:3'], env);
    assert.equal(code, 1);
    assert.equal(error.code, 'tool.compression');
  });

  it('no client at all', async () => {
    const { args, env } = reach(latest);
    const { code, error } = await fails([...args.slice(0, 2), '--tools', user.home], env);
    assert.equal(code, 1);
    assert.equal(error.code, 'tool.missing');
  });

  it('a folder that cannot be written', async () => {
    const { args, env } = reach(latest);
    const file = join(user.home, 'a file');
    await writeFile(file, '');
    const { code, error } = await fails([...args, '--to', join(file, 'below')], env);
    assert.equal(code, 1);
    assert.equal(error.code, 'folder.unwritable');
  });

  it('a backup folder inside a git work tree is warned of', async () => {
    const tree = join(user.home, 'project');
    await run('git', ['init', '-q', tree]);
    const { args, env } = reach(latest);
    const ran = await user.json<BackupDocument>(['backup', ...args, '--to', join(tree, 'backups')], { env });
    assert.equal(ran.code, 0, ran.stderr);
    assert.equal(ran.document.warnings[0]?.code, 'folder.git');
    assert.match(ran.stderr, /Note: .*git work tree/);
  });

  const wrong: [string, string[]][] = [
    ['an unknown option', ['--frobnicate']],
    ['an option without its value', ['--database']],
    ['an argument too many', ['shop']],
    ['an unknown method', ['--method', 'magic']],
    ['an unknown format', ['--format', 'zip']],
    ['a format of another method', ['--method', 'copy', '--format', 'tar']],
    ['an option of another method', ['--method', 'dumpall', '--with-globals']],
    ['an option of another tool', ['--method', 'dumpall', '--table', 'x']],
    ['a managed option', ['--host', 'elsewhere']],
    ['an unknown preset', ['--preset', 'none']],
    ['both --to and --file', ['--to', 'a', '--file', 'b']],
    ['a broken connection', ['--connection', 'postgresql://[::1']],
  ];
  for (const [title, args] of wrong)
    it(`wrong use, ${title}: exit code 2 before any server is asked`, async () => {
      const { code } = await fails(args, { PGHOST: '127.0.0.1', PGPORT: '1' });
      assert.equal(code, 2);
    });

  it('wrong use that only the client can tell is exit code 2 too', async () => {
    const { args, env } = reach(latest);
    for (const more of [
      ['--jobs', '4'],
      ['--format', 'tar', '--compress', 'gzip'],
      ['--compress', 'zip'],
      ['--', '--file=/tmp/x'],
      ['--lock-wait-timeout', '5s', '--rows-per-insert', 'many'],
    ]) {
      const { code, error } = await fails([...args, ...more], env);
      assert.equal(code, 2, error.code);
    }
  });

  it('Ctrl-C while pg_dump waits: exit code 130, no secret to be seen meanwhile, nothing left', async () => {
    const { args, env } = reach(latest);
    const holder = spawn(join(latest.bin, 'psql'), [
      '-X',
      '-h',
      latest.socketDir,
      '-p',
      String(latest.port),
      '-U',
      'postgres',
      '-d',
      'shop',
    ]);
    const ended = new Promise((done) => holder.once('exit', done));
    const child = spawn(
      process.execPath,
      [resolve('dist/cli.js'), 'backup', ...args, '--database', 'shop', '--json'],
      { env: { PATH: process.env.PATH, HOME: user.home, RESTORE_POINT_HOME: join(user.home, 'rp'), ...env } },
    );
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    const exited = new Promise<number | null>((done) => child.once('exit', done));
    try {
      holder.stdin.write('begin; lock table open;\n');
      const waits = `select count(*) from pg_locks where not granted and relation = 'open'::regclass`;
      // Planning may come first and wait a little for the size; pg_dump's own wait is for ACCESS SHARE.
      const dumping = `select count(*) from pg_stat_activity where application_name like 'restore-point 2%' and wait_event_type = 'Lock'`;
      while ((await latest.sql(dumping, 'shop')) === '0') assert.equal(child.exitCode, null, stdout);
      assert.notEqual(await latest.sql(waits, 'shop'), '0');
      for (const { pid, words } of await commandLines())
        assert.ok(!words.includes(latest.password), `${pid}: ${words}`);
      child.kill('SIGINT');
      assert.equal(await exited, 130);
      assert.equal((JSON.parse(stdout) as ErrorDocument).error.code, 'cancelled');
      assert.deepEqual(await leftovers(), []);
      assert.equal(
        await latest.sql(
          `select count(*) from pg_stat_activity where application_name like 'restore-point%'`,
        ),
        '0',
      );
    } finally {
      holder.stdin.end('rollback;\n');
      child.kill('SIGKILL');
      await ended;
    }
  });

  /** Half-written files anywhere below the user's home. */
  async function leftovers(): Promise<string[]> {
    return (await readdir(user.home, { recursive: true })).filter((name) => name.endsWith('.partial'));
  }
});

/** The arguments of every process on this machine. */
async function commandLines(): Promise<{ pid: string; words: string }[]> {
  const found = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name)))
    found.push({
      pid,
      words: (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' '),
    });
  return found;
}
