import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RestorePointError } from '../../../src/engine/errors';
import {
  isSameProcess,
  killTree,
  processStartTicks,
  startDetached,
  startProcess,
} from '../../../src/engine/process';

const sh = (script: string, options: Parameters<typeof startProcess>[2] = {}) =>
  startProcess('/bin/sh', ['-c', script], options);
const ended = async (started: ReturnType<typeof startProcess>) => await (await started).done;

async function until(what: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await what())) await sleep(10);
}

describe('startProcess', function () {
  this.timeout(60_000);
  let folder: string;
  before(async () => (folder = await mkdtemp(join(tmpdir(), 'rp-process-'))));
  after(() => rm(folder, { recursive: true, force: true }));

  it('gives lines of both streams, and how it ended', async () => {
    const lines: string[] = [];
    const { done, pid } = await sh("printf 'a\\nä b\\nlast'; printf 'e1\\r\\ne2' >&2; exit 3", {
      stdout: 'lines',
      onLine: (stream, line) => lines.push(`${stream}:${line}`),
    });
    assert.ok(pid);
    assert.deepEqual(await done, { exitCode: 3, signal: null, stderrTail: 'e1\ne2' });
    assert.deepEqual(
      lines.sort(),
      ['stderr:e1', 'stderr:e2', 'stdout:a', 'stdout:last', 'stdout:ä b'].sort(),
    );
  });

  it('hands on nothing of our environment when given one', async () => {
    const lines: string[] = [];
    const ask = await startProcess('/usr/bin/env', [], {
      env: { ONLY: 'this' },
      stdout: 'lines',
      onLine: (_, line) => lines.push(line),
    });
    await ask.done;
    assert.deepEqual(lines, ['ONLY=this']);
  });

  it('streams standard input to standard output with backpressure', async () => {
    const block = Buffer.alloc(1 << 16, 'x');
    let got = 0;
    const slow = new Writable({
      highWaterMark: 1 << 14,
      write: (chunk: Buffer, _encoding, next) => {
        got += chunk.length;
        setImmediate(next);
      },
    });
    const source = Readable.from(Array.from({ length: 160 }, () => block));
    assert.equal((await ended(startProcess('cat', [], { stdin: source, stdout: slow }))).exitCode, 0);
    assert.equal(got, 160 << 16);
  });

  it('takes a program that stops reading its input as it is', async () => {
    const endless = new Readable({ read: () => endless.push(Buffer.alloc(65_536)) });
    assert.equal((await ended(sh('head -c 10 >/dev/null; exit 4', { stdin: endless }))).exitCode, 4);
    assert.ok(endless.destroyed);
  });

  it('ends the program and never its input when the source fails', async () => {
    const marker = join(folder, 'saw-end');
    const source = new PassThrough();
    const { done } = await sh(`echo up; cat >/dev/null; touch ${marker}`, {
      stdin: source,
      stdout: 'lines',
      onLine: () => source.destroy(new Error('the disk is gone')),
    });
    await assert.rejects(done, /the disk is gone/);
    assert.ok(!existsSync(marker), 'the program must not see an end of file');
  });

  it('ends the program when its output cannot be written', async () => {
    const full = new Writable({ write: (_chunk, _encoding, next) => next(new Error('ENOSPC')) });
    await assert.rejects(ended(sh('while :; do echo y; done', { stdout: full, graceMs: 200 })), /ENOSPC/);
  });

  for (const [what, make, why] of [
    ['is absent', async () => join(folder, 'absent'), /no such program/],
    [
      'may not be run',
      async () => {
        const path = join(folder, 'text');
        await writeFile(path, 'hello');
        await chmod(path, 0o644);
        return path;
      },
      /does not allow/,
    ],
  ] as const)
    it(`does not hang on a program that ${what}, with streams on both sides`, async () => {
      const source = new PassThrough();
      const sink = new PassThrough();
      const { done, pid, kill } = await startProcess(await make(), [], { stdin: source, stdout: sink });
      assert.equal(pid, undefined);
      await assert.rejects(done, (error: RestorePointError) => {
        assert.equal(error.code, 'tool.notStarted');
        assert.match(error.why, why);
        return true;
      });
      assert.ok(source.destroyed && sink.destroyed);
      await kill();
    });

  it('interrupts on abort, and says which signal ended it', async () => {
    const abort = new AbortController();
    const { done } = await startProcess('sleep', ['1000'], { signal: abort.signal });
    abort.abort();
    const ended = await done;
    assert.equal(ended.signal, 'SIGINT');
    assert.equal(ended.exitCode, -1);
  });

  it('does nothing for an abort that came before it began, but end it', async () => {
    assert.equal(
      (await ended(startProcess('sleep', ['1000'], { signal: AbortSignal.abort() }))).signal,
      'SIGINT',
    );
  });

  it('kills what ignores the interrupt, with its children, also those of another session', async () => {
    const pids = join(folder, 'pids');
    const stubborn = `trap '' INT; setsid sh -c 'trap "" INT; echo $$ >>${pids}; while :; do sleep 1; done' & 
      sleep 1000 & echo $! >>${pids}; echo $$ >>${pids}; while :; do sleep 1; done`;
    const { kill, done } = await sh(stubborn, { graceMs: 100 });
    const read = async (): Promise<number[]> =>
      existsSync(pids) ? (await readFile(pids, 'utf8')).trim().split('\n').map(Number) : [];
    await until(async () => (await read()).length === 3);
    await kill();
    assert.equal((await done).signal, 'SIGKILL');
    for (const pid of await read()) await until(() => processStartTicks(pid) === null);
  });

  it('does not wait for a child in the background that keeps the pipe', async () => {
    const pid = join(folder, 'background');
    const lines: string[] = [];
    const { done } = await sh(`setsid sleep 1000 & echo $! >${pid}; echo hello`, {
      stdout: 'lines',
      onLine: (_, line) => lines.push(line),
    });
    assert.equal((await done).exitCode, 0);
    assert.deepEqual(lines, ['hello']);
    killTree(Number(await readFile(pid, 'utf8')), 'SIGKILL');
  });

  it('keeps only the end of a long standard error, and breaks endless lines', async () => {
    let longest = 0;
    const { done } = await sh("head -c 3000000 /dev/zero | tr '\\0' x >&2; echo END >&2", {
      onLine: (_, line) => (longest = Math.max(longest, line.length)),
    });
    const { stderrTail } = await done;
    assert.ok(stderrTail.length <= 16_384 && stderrTail.endsWith('END'));
    assert.ok(longest <= 65_536);
  });
});

describe('process identity', () => {
  it('tells a process from a later one', async () => {
    const ticks = processStartTicks(process.pid);
    assert.ok(ticks);
    assert.equal(processStartTicks(process.pid), ticks);
    assert.ok(isSameProcess(process.pid, ticks));
    assert.ok(!isSameProcess(process.pid, `${ticks}0`));
    assert.ok(!isSameProcess(process.pid, null));
    const { pid, done } = await startProcess('true', []);
    await done;
    assert.equal(processStartTicks(pid!), null);
  });

  it('starts one that outlives the call, with its input', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rp-detached-'));
    const out = join(folder, 'out');
    const { pid } = await startDetached(
      '/bin/sh',
      ['-c', `cat >${out}.part; mv ${out}.part ${out}; sleep 1000`],
      {
        input: 'läuft',
      },
    );
    await until(() => existsSync(out));
    assert.equal(await readFile(out, 'utf8'), 'läuft');
    assert.ok(processStartTicks(pid));
    killTree(pid, 'SIGKILL');
    await until(() => processStartTicks(pid) === null);
    await assert.rejects(startDetached(join(folder, 'absent'), []), /could not be started/);
    await rm(folder, { recursive: true });
  });
});
