import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Access } from '../../../src/engine/connections';
import { processStartTicks } from '../../../src/engine/process';
import { findBuilds, runTool, type ClientBuild, type RunOptions } from '../../../src/engine/tools';
import { asOneTransaction } from '../../../src/engine/tools/wholeScript';
import { accessTo } from '../../support/access';
import { majors, startCluster, type Cluster } from '../../support/postgres';
import { sshdProgram, startSshd, writeSshConfig, type Sshd } from '../../support/sshd';

async function until(what: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await what())) await sleep(20);
}

/** A reader that takes the first piece and then no more, and tells when it has it. */
function stalling(): { sink: Writable; begun: Promise<void> } {
  let tell: () => void;
  const begun = new Promise<void>((resolve) => (tell = resolve));
  return { sink: new Writable({ write: () => tell() }), begun };
}

for (const major of majors)
  describe(`runTool with PostgreSQL ${major}`, function () {
    this.timeout(120_000);
    let cluster: Cluster;
    let access: Access;
    let build: ClientBuild;
    let folder: string;

    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'rp-run-'));
      cluster = await startCluster(major);
      access = await accessTo(cluster);
      const builds = await findBuilds({ folders: [cluster.bin], env: { PATH: '/usr/bin:/bin' } });
      build = builds.find((one) => one.folder === cluster.bin)!;
      await cluster.sql(
        `create table big as select g, repeat(md5(g::text), 20) t from generate_series(1, 40000) g;
         create table other as select g from generate_series(1, 1000) g`,
      );
    });
    after(async () => {
      await access?.close();
      await cluster?.stop();
      await rm(folder, { recursive: true, force: true });
    });

    const ask = async (sql: string, more: Partial<RunOptions> = {}) => {
      const lines: string[] = [];
      const ended = await runTool({
        build,
        tool: 'psql',
        args: ['--no-psqlrc', '--no-align', '--tuples-only', `--command=${sql}`],
        access,
        onLine: (stream, line) => lines.push(`${stream}: ${line}`),
        ...more,
      });
      return { ...ended, lines };
    };
    const sessions = async (name: string): Promise<number> =>
      Number(await cluster.sql(`select count(*) from pg_stat_activity where application_name = '${name}'`));

    it('is found with what it can really compress', () =>
      assert.deepEqual(build.compression, major < 16 ? ['none', 'gzip'] : ['none', 'gzip', 'lz4', 'zstd']));

    it('logs in with the password, which is in no argument list', async () => {
      let commandLine = '';
      // Ends when its command line has been read.
      const stdin = new PassThrough();
      stdin.write('select current_user;\n');
      const lines: string[] = [];
      const { exitCode } = await runTool({
        build,
        tool: 'psql',
        args: ['--no-psqlrc', '--no-align', '--tuples-only'],
        access,
        stdin,
        onLine: (stream, line) => lines.push(`${stream}: ${line}`),
        onStart: ({ pid, startedAtTicks }) => {
          assert.ok(startedAtTicks);
          assert.equal(processStartTicks(pid), startedAtTicks);
          void until(async () => {
            commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8');
            return commandLine.startsWith(join(cluster.bin, 'psql'));
          }).finally(() => stdin.end());
        },
      });
      assert.deepEqual([exitCode, lines], [0, ['stdout: postgres']]);
      assert.match(commandLine, /--no-password/);
      assert.ok(!commandLine.includes(cluster.password));
    });

    it('does not heed PG variables of ours, and speaks English', async () => {
      const before = { ...process.env };
      Object.assign(process.env, {
        PGOPTIONS: '-c work_mem=77MB',
        PGDATABASE: 'absent',
        LC_ALL: 'de_DE.UTF-8',
      });
      try {
        const { lines } = await ask('show work_mem');
        assert.deepEqual(lines, ['stdout: 4MB']);
        const wrong = await ask('select 1/0');
        assert.deepEqual([wrong.exitCode, wrong.stderrTail], [1, 'ERROR:  division by zero']);
      } finally {
        for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
        Object.assign(process.env, before);
      }
    });

    it('feeds standard input and streams standard output', async () => {
      const out: Buffer[] = [];
      const ended = await runTool({
        build,
        tool: 'psql',
        args: ['--no-psqlrc', '--quiet', '--no-align', '--tuples-only'],
        access,
        stdin: Readable.from(["select 'ä\n", "b';"]),
        stdout: new Writable({ write: (chunk: Buffer, _encoding, next) => (out.push(chunk), next()) }),
      });
      assert.deepEqual([ended.exitCode, Buffer.concat(out).toString()], [0, 'ä\nb\n']);
    });

    it('says a password is wrong in the words of the server', async () => {
      const { exitCode, stderrTail } = await ask('select 1', { access: { ...access, password: 'wrong' } });
      assert.equal(exitCode, 2);
      assert.match(stderrTail, /password authentication failed/);
      assert.ok(!stderrTail.includes('wrong'));
    });

    for (const [what, tool, args] of [
      ['pg_dump in the middle of a table', 'pg_dump', ['--format=plain', '--table=big']],
      ['pg_dumpall with its pg_dump', 'pg_dumpall', []],
    ] as const)
      it(`interrupts ${what}, and leaves no session`, async () => {
        const abort = new AbortController();
        const { sink, begun } = stalling();
        const name = `interrupt ${tool}`;
        let pid = 0;
        const running = runTool({
          build,
          tool,
          args: [...args],
          access,
          stdout: sink,
          signal: abort.signal,
          applicationName: name,
          onStart: (process) => (pid = process.pid),
        });
        await begun;
        await until(async () => (await sessions(name)) > 0);
        abort.abort();
        sink.destroy();
        await running.catch(() => {});
        assert.equal(await sessions(name), 0);
        assert.equal(processStartTicks(pid), null);
      });

    it('interrupts a pg_dump of several jobs that waits for a lock', async () => {
      const abort = new AbortController();
      const holder = runTool({
        build,
        tool: 'psql',
        args: [
          '--no-psqlrc',
          '--command=begin; lock table other in access exclusive mode; select pg_sleep(1000)',
        ],
        access,
        applicationName: 'holder',
        signal: abort.signal,
      });
      await until(async () => (await sessions('holder')) === 1);
      await until(
        async () =>
          (await cluster.sql(
            "select count(*) from pg_locks where mode = 'AccessExclusiveLock' and granted",
          )) !== '0',
      );
      const dump = new AbortController();
      const running = runTool({
        build,
        tool: 'pg_dump',
        args: ['--format=directory', '--jobs=2', `--file=${join(folder, 'waits')}`],
        access,
        applicationName: 'waits',
        signal: dump.signal,
      });
      await until(
        async () =>
          (await cluster.sql(
            "select count(*) from pg_stat_activity where application_name = 'waits' and wait_event_type = 'Lock'",
          )) === '1',
      );
      dump.abort();
      const { exitCode, signal } = await running;
      assert.ok(exitCode !== 0 || signal);
      assert.equal(await sessions('waits'), 0);
      abort.abort();
      await holder;
      assert.equal(await sessions('holder'), 0);
    });

    it('kills a program that ignores the interrupt, with its children and its sessions', async () => {
      const stubborn = join(folder, 'pg_dump');
      await writeFile(
        stubborn,
        `#!/bin/sh\ntrap '' INT TERM\nsetsid '${cluster.bin}/psql' -X "$1" -c 'select pg_sleep(1000)' &\nwhile :; do sleep 0.1; done\n`,
      );
      await chmod(stubborn, 0o755);
      const abort = new AbortController();
      const running = runTool({
        build: { ...build, folder },
        tool: 'pg_dump',
        args: [],
        access,
        applicationName: 'stubborn',
        signal: abort.signal,
        graceMs: 300,
      });
      await until(async () => (await sessions('stubborn')) === 1);
      abort.abort();
      assert.equal((await running).signal, 'SIGKILL');
      assert.equal(await sessions('stubborn'), 0);
    });

    describe('a script in one transaction', () => {
      const args = ['--no-psqlrc', '--quiet', '--single-transaction', '--set=ON_ERROR_STOP=1'];
      const run = (stdin: Readable, more: string[] = []) =>
        runTool({ build, tool: 'psql', args: [...args, ...more], access, stdin });
      const exists = async (table: string): Promise<boolean> =>
        (await cluster.sql(`select to_regclass('${table}') is not null`)) === 't';

      it('is committed at its end, also without a last semicolon', async () => {
        assert.equal(
          (await run(Readable.from(['create table w1 (a int);\ncreate table w2', ' (a int)']))).exitCode,
          0,
        );
        assert.ok((await exists('w1')) && (await exists('w2')));
      });
      it('is taken back at an error, whose line is the script’s', async () => {
        const script = '\ufeff-- first\ncreate table w3 (a int);\nselect 1/0;\n';
        const { exitCode, stderrTail } = await run(Readable.from([script]), ['-f', '-']);
        assert.deepEqual([exitCode, stderrTail], [3, 'psql:<stdin>:3: ERROR:  division by zero']);
        assert.ok(!(await exists('w3')));
      });
      it('is taken back when it breaks off in the middle of rows', async () => {
        const script = new PassThrough();
        const running = run(script);
        script.write('create table w4 (a int);\ncopy w4 from stdin;\n1\n');
        script.destroy(new Error('the disk is gone'));
        await assert.rejects(running, /the disk is gone/);
        assert.ok(!(await exists('w4')));
      });
      it('is taken back when we are killed', async () => {
        // As a runner killed with SIGKILL leaves it: the pipe closes, and nobody signals psql.
        const { args: whole, stdin } = asOneTransaction('psql', args, new PassThrough());
        stdin!.destroy();
        const psql = spawn(
          join(cluster.bin, 'psql'),
          ['-h', cluster.socketDir, '-p', String(cluster.port), '-U', 'postgres', ...whole],
          { stdio: ['pipe', 'ignore', 'ignore'] },
        );
        psql.stdin.end('create table w5 (a int);\ncopy w5 from stdin;\n1\n');
        await once(psql, 'exit');
        assert.ok(!(await exists('w5')));
      });
    });

    it('does not hang on a build that is gone', async () => {
      await assert.rejects(
        runTool({ build: { ...build, folder: join(folder, 'gone') }, tool: 'pg_dump', args: [], access }),
        { code: 'tool.notStarted' },
      );
      await writeFile(join(folder, 'psql'), 'no program', { mode: 0o644 });
      for (const broken of [
        { ...build, folder },
        { ...build, prefix: ['restore-point-has-no-such-prefix'] },
      ])
        await assert.rejects(
          runTool({
            build: broken,
            tool: 'psql',
            args: [],
            access,
            stdin: new PassThrough(),
            stdout: new PassThrough(),
          }),
          { code: 'tool.notStarted' },
        );
    });

    describe('through a prefix', () => {
      let sshd: Sshd | undefined;
      let sshConfig: string;
      before(async () => {
        if (!sshdProgram()) return;
        sshd = await startSshd();
        sshConfig = await writeSshConfig(join(folder, 'ssh'), { loopback: { sshd } });
      });
      after(() => sshd?.stop());

      const prefixes: [string, () => string[]][] = [
        ['env', () => ['env', 'FROM=prefix']],
        ['a wrapper script', () => ['/bin/sh', '-c', 'unset PGPASSWORD; "$@"', 'wrapper']],
        ['ssh', () => ['ssh', '-F', sshConfig, 'loopback']],
      ];
      for (const [what, prefix] of prefixes)
        describe(what, () => {
          const there = (): ClientBuild => ({ ...build, prefix: prefix(), origin: 'prefix' });

          before(function () {
            if (what === 'ssh' && !sshd) this.skip();
          });

          it('finds the same programs', async () => {
            const builds = await findBuilds({ prefix: prefix(), folders: [cluster.bin] });
            const { version, tools, compression, origin } = builds.find((one) => one.folder === cluster.bin)!;
            assert.deepEqual([version, tools, compression], [build.version, build.tools, build.compression]);
            assert.equal(origin, 'prefix');
          });

          it('runs, with the password in no argument list and no environment of ours', async () => {
            const seen = { commands: '', environments: '' };
            const { lines, exitCode, stderrTail } = await ask(
              "select 'it''s \"$HOME\" `x` \\ ä', pg_sleep(0.3)",
              {
                build: there(),
                onStart: ({ pid }) => {
                  void (async () => {
                    for (;;) {
                      const [command, environment] = await Promise.all(
                        ['cmdline', 'environ'].map((file) =>
                          readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => ''),
                        ),
                      );
                      // Empty for a moment while one program becomes another.
                      if (!command && processStartTicks(pid) === null) return;
                      seen.commands += command;
                      // What runs here is the prefix; over there the program has it in its environment.
                      if (what === 'ssh') seen.environments += environment;
                      await sleep(10);
                    }
                  })();
                },
              },
            );
            assert.deepEqual([exitCode, stderrTail, lines], [0, '', [`stdout: it's "$HOME" \`x\` \\ ä|`]]);
            assert.ok(seen.commands.length > 0);
            assert.ok(!seen.commands.includes(cluster.password));
            assert.ok(!seen.environments.includes(cluster.password));
          });

          it('streams a file in and out', async () => {
            const out: Buffer[] = [];
            const { exitCode, stderrTail } = await runTool({
              build: there(),
              tool: 'psql',
              args: ['--no-psqlrc', '--quiet', '--no-align', '--tuples-only', '--variable=name=a b'],
              access,
              stdin: Readable.from(["select 'first", "\n', :'name';", ' '.repeat(100_000), '\nselect 2;']),
              stdout: new Writable({ write: (chunk: Buffer, _encoding, next) => (out.push(chunk), next()) }),
            });
            assert.deepEqual(
              [exitCode, stderrTail, Buffer.concat(out).toString()],
              [0, '', 'first\n|a b\n2\n'],
            );
          });

          it('gives on the exit code and the messages', async () => {
            const { exitCode, stderrTail } = await ask('select 1/0', { build: there() });
            assert.deepEqual([exitCode, stderrTail], [1, 'ERROR:  division by zero']);
          });

          it('ends a dump over there when it is cancelled here', async () => {
            const abort = new AbortController();
            const { sink, begun } = stalling();
            const running = runTool({
              build: there(),
              tool: 'pg_dump',
              args: ['--format=plain', '--table=big'],
              access,
              stdout: sink,
              signal: abort.signal,
              applicationName: `${what} dump`,
            });
            await begun;
            abort.abort();
            sink.destroy();
            await running.catch(() => {});
            await until(async () => (await sessions(`${what} dump`)) === 0);
            await until(async () => !(await processesNaming(`${what} dump`)).length);
          });

          it('never commits half a table when it is cancelled', async () => {
            const abort = new AbortController();
            const name = `${what} script`;
            const script = new PassThrough();
            const running = runTool({
              build: there(),
              tool: 'psql',
              // Quiet: a word to its closed output would end psql before it could commit.
              args: ['--no-psqlrc', '--quiet', '--set=ON_ERROR_STOP=1'],
              access,
              stdin: script,
              signal: abort.signal,
              applicationName: name,
            });
            script.write('create table half_a_table (a int);\ncopy half_a_table from stdin;\n1\n');
            await until(
              async () =>
                (await cluster.sql(
                  `select count(*) from pg_stat_activity where application_name = '${name}' and query like 'copy%'`,
                )) === '1',
            );
            abort.abort();
            await running.catch(() => {});
            await until(async () => !(await processesNaming(name)).length);
            assert.equal(await cluster.sql('select count(*) from half_a_table'), '0');
            await cluster.sql('drop table half_a_table');
          });
        });

      it('carries any password', async () => {
        const password = `a\\b\n'"$x \\n%s é`;
        const script = join(folder, 'psql');
        await writeFile(script, `#!/bin/sh\nprintf '%s' "$PGPASSWORD" >'${folder}/password'\n`);
        await chmod(script, 0o755);
        for (const stdin of [undefined, Readable.from(['rest'])]) {
          await rm(join(folder, 'password'), { force: true });
          const odd = { ...build, folder, prefix: ['env'] };
          assert.equal(
            (await runTool({ build: odd, tool: 'psql', args: [], stdin, access: { ...access, password } }))
              .exitCode,
            0,
          );
          assert.equal(await readFile(join(folder, 'password'), 'utf8'), password);
        }
        assert.ok(existsSync(script));
      });
    });
  });

/** Processes of this machine whose arguments contain a text. */
async function processesNaming(text: string): Promise<string[]> {
  const { readdir } = await import('node:fs/promises');
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  const commands = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  return commands.filter((command) => command.includes(text));
}
