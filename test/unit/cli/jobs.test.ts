import assert from 'node:assert/strict';
import { run } from '../../../src/cli/run';
import { cancelJob, createJob, runJob } from '../../../src/engine/jobs';
import { plan, temporaryHome } from '../jobs/samples';
import { testIo } from './io';

describe('restore-point jobs', () => {
  let home: ReturnType<typeof temporaryHome>;
  beforeEach(() => (home = temporaryHome()));
  afterEach(() => home.remove());

  async function jobs(...args: string[]) {
    const { io, out, err } = testIo({ RESTORE_POINT_HOME: home.root });
    const code = await run(['jobs', ...args], io);
    return { code, out: out(), err: err() };
  }

  /** A job that ended well, and one nobody took. */
  async function two() {
    const done = await createJob(plan({ title: 'Done\none' }), home);
    await runJob(done.folder, {});
    const waiting = await createJob(plan({ title: 'Waiting one' }), home);
    return { done, waiting };
  }

  it('lists them, newest first, without a line break in a line', async () => {
    const { done, waiting } = await two();
    const { code, out } = await jobs();
    assert.equal(code, 0);
    const lines = out.trimEnd().split('\n');
    assert.equal(lines.length, 2);
    assert.match(out, new RegExp(`${done.id} +succeeded +Done\\\\none`));
    assert.match(out, new RegExp(`${waiting.id} +queued +Waiting one`));
  });

  it('--json is one document with what the help promises, and no plan', async () => {
    const { done } = await two();
    const { jobs: list } = JSON.parse((await jobs('--json')).out) as { jobs: Record<string, unknown>[] };
    const entry = list.find(({ id }) => id === done.id)!;
    assert.deepEqual(
      ['id', 'title', 'kind', 'state', 'fraction', 'durationMs', 'messages', 'error', 'folder'].filter(
        (key) => !(key in entry),
      ),
      [],
    );
    assert.equal(entry.state, 'succeeded');
    assert.ok(!('plan' in entry));
  });

  it('an empty history is said, and is no failure', async () => {
    assert.deepEqual(await jobs(), { code: 0, out: '', err: 'No jobs.\n' });
    assert.deepEqual(JSON.parse((await jobs('--json')).out), { jobs: [] });
  });

  it('prints the log of one, as lines or as events', async () => {
    const { done } = await two();
    assert.match((await jobs('log', done.id)).out, /queued\n.*running\n.*succeeded\n$/);
    const lines = (await jobs('log', done.id, '--json')).out.trimEnd().split('\n');
    assert.equal(JSON.parse(lines.at(-1)!).state, 'succeeded');
  });

  it('prints what there is of a job that has not ended, and returns', async () => {
    const { waiting } = await two();
    assert.deepEqual(await jobs('log', waiting.id), { code: 0, out: '', err: '' });
  });

  it('cancels one that nobody runs, by a shortened id', async () => {
    const { waiting } = await two();
    const { code, out } = await jobs('cancel', waiting.id.slice(-8), '--json');
    assert.equal(code, 0);
    assert.equal(JSON.parse(out).state, 'cancelled');
  });

  it('removes one', async () => {
    const { done } = await two();
    assert.equal((await jobs('remove', done.id)).code, 0);
    assert.doesNotMatch((await jobs()).out, new RegExp(done.id));
  });

  it('retries only what has ended', async () => {
    const { waiting } = await two();
    const { code, err } = await jobs('retry', waiting.id);
    assert.equal(code, 1);
    assert.match(err, /has not ended/);
    await cancelJob(waiting.folder);
  });

  for (const [args, code] of [
    [['cancel'], 2],
    [['cancel', 'a', 'b'], 2],
    [['toString', 'a'], 2],
    [['log', 'nothing'], 1],
    [['log', '2'], 1],
  ] as const)
    it(`jobs ${args.join(' ')}: exit ${code}`, async () => {
      await two();
      assert.equal((await jobs(...args)).code, code);
    });
});

describe('restore-point run-job', () => {
  it('takes one folder, and never repeats what came over standard input', async () => {
    const { io, out, err } = testIo();
    assert.equal(await run(['run-job'], io), 2);
    const other = testIo();
    other.io.stdin.end('my secret, not JSON');
    assert.equal(await run(['run-job', '/nowhere', '--json'], other.io), 1);
    assert.doesNotMatch(other.out() + other.err() + out() + err(), /my secret/);
  });

  it('is not in the overview', async () => {
    const { io, out } = testIo();
    await run(['--help'], io);
    assert.doesNotMatch(out(), /run-job/);
    assert.match(out(), /\n {2}jobs /);
  });
});
