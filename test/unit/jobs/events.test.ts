import assert from 'node:assert/strict';
import { appendFile, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { cancelJob, readSummary, reapJobs, removeJob, runJob, startRunner } from '../../../src/engine/jobs';
import type { JobEvent } from '../../../src/engine/jobs/events';
import { createJob, retryJob } from '../../../src/engine/jobs/create';
import { readJob } from '../../../src/engine/jobs/folder';
import { pruneJobs } from '../../../src/engine/jobs/prune';
import { Journal } from '../../../src/engine/jobs/journal';
import { followJob, listJobs, watchJobs } from '../../../src/engine/jobs/list';
import { Masker } from '../../../src/engine/jobs/mask';
import { ownOwner } from '../../../src/engine/jobs/owner';
import { readEvents } from '../../../src/engine/jobs/read';
import { renewIfTaken } from '../../../src/engine/jobs/renew';
import { eventually, plan, temporaryHome } from './samples';

describe('jobs: folders and events', () => {
  let home: ReturnType<typeof temporaryHome>;
  beforeEach(() => (home = temporaryHome()));
  afterEach(() => home.remove());

  const journal = (folder: string): Journal => new Journal(folder, new Masker(['hush']), new Set());

  async function collect(folder: string, afterSeq?: number): Promise<JobEvent[]> {
    const events: JobEvent[] = [];
    for await (const event of followJob(folder, { afterSeq })) events.push(event);
    return events;
  }

  it('keeps a plan in a private folder, queued until it is run', async () => {
    const job = await createJob(plan(), home);
    assert.equal((await stat(job.folder)).mode & 0o777, 0o700);
    assert.equal((await stat(join(job.folder, 'plan.json'))).mode & 0o777, 0o600);
    const [listed] = await listJobs(home);
    assert.equal(listed?.state, 'queued');
    assert.deepEqual(listed?.plan, plan());
  });

  it('makes a new job of the same plan to retry', async () => {
    const first = await createJob(plan({ title: 'once more' }), home);
    const second = await retryJob(first.folder);
    assert.notEqual(second.id, first.id);
    assert.deepEqual((await readJob(second.folder)).plan, first.plan);
  });

  it('gives a retried backup a new name, also where the old one is there', async () => {
    const at = join(home.backups, "shop's-files", 'shop_20260101T000000Z_2');
    const set = join(home.backups, 'server_20260101T000000Z.set');
    const cases: [string, string][] = [
      [at, '.dump'],
      [join(home.backups, 'mine'), '.sql.gz'],
    ];
    for (const [stem, suffix] of cases) {
      const path = stem + suffix;
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, '');
      const artifact = { path, members: [{ path }, { path: `${stem}.globals.sql` }] } as never;
      const steps = [
        { do: 'tool', args: [`--file=${path}.partial`, '--table=x'], writes: `${path}.partial` },
        { do: 'tool', args: [], stdout: `${stem}.globals.sql.partial` },
        { do: 'copyOut', path: `${path}.partial` },
        { do: 'finishArtifact', title: 'Finish' },
      ] as never;
      const first = await createJob(plan({ artifact, steps }), home);
      const { plan: again } = await retryJob(first.folder);
      const fresh = again.artifact!.path;
      assert.match(fresh.slice(0, -suffix.length), /(?:shop|mine)_2\d{7}T\d{6}Z$/);
      assert.ok(!fresh.includes('20260101T000000Z'));
      const text = JSON.stringify(first.plan).replaceAll(stem, fresh.slice(0, -suffix.length));
      assert.deepEqual(again, JSON.parse(text));
    }
    const members = [{ path: join(set, 'a.dump') }];
    const first = await createJob(plan({ artifact: { path: set, members } as never }), home);
    const { artifact } = (await retryJob(first.folder)).plan;
    assert.equal(artifact?.members[0]?.path, join(artifact!.path, 'a.dump'));
    assert.notEqual(artifact?.path, set);
  });

  it('runs under a new name when the planned one was taken meanwhile, never under another than a chosen one', async () => {
    await mkdir(home.backups);
    for (const [name, renewed] of [
      ['shop_20260101T000000Z.dump', true],
      ['mine.dump', false],
    ] as const) {
      const path = join(home.backups, name);
      const job = await createJob(plan({ artifact: { path, members: [{ path }] } as never }), home);
      assert.equal(await renewIfTaken(job, new Date()), job);
      await writeFile(path, '');
      const { plan: now } = await renewIfTaken(job, new Date());
      assert.equal(now.artifact?.path !== path, renewed);
      assert.deepEqual((await readJob(job.folder)).plan, now);
      // Taken once more before the runner gets to it.
      await writeFile(now.artifact!.path, '');
      const { state, error } = await runJob(job.folder, {});
      assert.deepEqual(
        [state, error?.code],
        renewed ? ['succeeded', undefined] : ['failed', 'artifact.exists'],
      );
    }
  });

  it('keeps a name that a person chose for a retry, as long as it is free', async () => {
    const path = join(home.backups, 'mine.dump');
    const first = await createJob(plan({ artifact: { path, members: [{ path }] } as never }), home);
    assert.equal((await retryJob(first.folder)).plan.artifact?.path, path);
  });

  it('takes the oldest jobs out of the history, never one that runs or a young one', async () => {
    const jobs = join(home.state, 'jobs');
    const id = (day: number, n: number): string =>
      `202601${String(day).padStart(2, '0')}T0000${String(n % 60).padStart(2, '0')}Z-${String(n).padStart(8, '0')}`;
    const put = async (name: string, runner?: object): Promise<string> => {
      await mkdir(join(jobs, name), { recursive: true });
      await writeFile(join(jobs, name, 'plan.json'), JSON.stringify(plan()));
      if (runner) await writeFile(join(jobs, name, 'runner.json'), JSON.stringify(runner));
      else await writeFile(join(jobs, name, 'summary.json'), '{"state":"succeeded"}');
      return name;
    };
    const running = await put(id(1, 0), ownOwner());
    const dead = await put(id(1, 1), { ...ownOwner(), startedAtTicks: '1@x' });
    const old = await put(id(1, 2));
    const young = await put(id(20, 3));
    for (let n = 0; n < 199; n++) await put(id(21, n));
    const now = Date.UTC(2026, 1, 1, 12);
    assert.deepEqual(await pruneJobs(home, now), [old, dead]);
    await put(id(22, 0));
    assert.deepEqual(await pruneJobs(home, now), []);
    const left = await readdir(jobs);
    assert.ok(left.includes(running) && left.includes(young));
    // Making a job is when it is done: a month later the young one is old.
    await createJob(plan(), home);
    assert.deepEqual(
      (await readdir(jobs)).filter((name) => name === young || name === running),
      [running],
    );
  });

  it('leaves a backup whose runner was killed before the manifest: its files are complete', async () => {
    const path = join(home.backups, 'shop_20260101T000000Z.dump');
    await mkdir(home.backups);
    const globals = path.replace('.dump', '.globals.sql');
    const job = await createJob(
      plan({ artifact: { path, members: [{ path }, { path: globals }] } as never }),
      home,
    );
    const j = journal(job.folder);
    j.write({ type: 'state', state: 'running' });
    j.close();
    await writeFile(
      join(job.folder, 'runner.json'),
      JSON.stringify({ ...ownOwner(), startedAtTicks: '1@x' }),
    );
    for (const file of [path, globals, `${path}.manifest.json.0123456789ab.tmp`]) await writeFile(file, '');
    await reapJobs(home);
    assert.deepEqual(
      (await readdir(home.backups)).sort(),
      [globals, path].map((file) => basename(file)).sort(),
    );
    assert.equal((await readSummary(job.folder)).state, 'interrupted');
    assert.notEqual((await retryJob(job.folder)).plan.artifact?.path, path);
  });

  it('refuses a plan it does not understand', async () => {
    const job = await createJob({ ...plan(), version: 2 as never }, home);
    await assert.rejects(readJob(job.folder), { code: 'job.unreadable' });
    assert.deepEqual(await listJobs(home), []);
  });

  it('ends a job that no runner took when it is cancelled, and none can take it then', async () => {
    const job = await createJob(plan(), home);
    await cancelJob(job.folder);
    assert.equal((await listJobs(home))[0]?.state, 'cancelled');
    await assert.rejects(runJob(job.folder, {}), { code: 'job.taken' });
    assert.deepEqual(
      (await collect(job.folder)).map((e) => (e.type === 'state' ? e.state : e.type)),
      ['cancelled'],
    );
  });

  it('says so in the job when the runner cannot be started', async () => {
    for (const [cli, execPath, code] of [
      ['/nowhere/cli.js', process.execPath, 'job.notStarted'],
      ['cli.js', '/nowhere/node', 'tool.notStarted'],
    ] as const) {
      const job = await createJob(plan(), home);
      await assert.rejects(startRunner(job, { cli, execPath, secrets: {} }), { code });
      const summary = await readSummary(job.folder);
      assert.equal(summary.state, 'failed');
      assert.equal(summary.error?.code, code);
    }
  });

  it('removes a job that has ended, not one that runs', async () => {
    const job = await createJob(plan(), home);
    await writeFile(join(job.folder, 'runner.json'), JSON.stringify(ownOwner()));
    await assert.rejects(removeJob(job.folder), { code: 'job.running' });
    await writeFile(
      join(job.folder, 'runner.json'),
      JSON.stringify({ ...ownOwner(), startedAtTicks: '1@x' }),
    );
    await removeJob(job.folder);
    assert.deepEqual(await listJobs(home), []);
  });

  it('removes the partial files of a dead runner, and nothing else', async () => {
    const path = join(home.backups, 'shop.dump');
    await mkdir(home.backups);
    const artifact = { path, members: [{ path }, { path: `${path}.globals.sql` }] } as never;
    const tool = { do: 'tool', writes: join(home.backups, 'precious'), stdout: `${path}.partial` } as never;
    const job = await createJob(plan({ artifact, steps: [tool] }), home);
    const j = journal(job.folder);
    j.write({ type: 'state', state: 'running' });
    j.close();
    const names = ['shop.dump.partial', 'shop.dump.globals.sql.partial', 'precious', 'other.dump.partial'];
    for (const name of names) await writeFile(join(home.backups, name), '');
    await writeFile(
      join(job.folder, 'runner.json'),
      JSON.stringify({ ...ownOwner(), startedAtTicks: '1@x' }),
    );
    // Another job of the same plan runs already: then the files are that one's.
    const retry = await createJob(job.plan, home);
    const locks = join(home.state, 'locks');
    await mkdir(locks, { recursive: true });
    const claim = join(locks, `1.${retry.id}.claim`);
    await writeFile(claim, JSON.stringify({ owner: ownOwner(), folder: retry.folder, targets: [] }));
    assert.deepEqual(await reapJobs(home), []);
    assert.deepEqual((await readdir(home.backups)).sort(), names.sort());
    await rm(claim);
    assert.deepEqual(await reapJobs(home), [job.id]);
    assert.deepEqual((await readdir(home.backups)).sort(), ['other.dump.partial', 'precious']);
    assert.deepEqual(await reapJobs(home), []);
  });

  it('follows a job to its end, over a torn line', async () => {
    const job = await createJob(plan(), home);
    const j = journal(job.folder);
    j.write({ type: 'state', state: 'running' });
    j.close();
    const path = join(job.folder, 'events.jsonl');
    const end = JSON.stringify({ seq: 1, at: '', ms: 5, type: 'state', state: 'succeeded' });
    await appendFile(path, end.slice(0, 20));
    const following = collect(job.folder);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await appendFile(path, `${end.slice(20)}\n`);
    assert.deepEqual(
      (await following).map((e) => (e.type === 'state' ? e.state : e.type)),
      ['running', 'succeeded'],
    );
    assert.deepEqual(
      (await collect(job.folder, 0)).map((e) => e.seq),
      [1],
    );
    assert.deepEqual(await collect(job.folder, 1), []);
  });

  it('reads on from any offset, and passes over damage', async () => {
    const job = await createJob(plan(), home);
    const path = join(job.folder, 'events.jsonl');
    const line = (seq: number): string =>
      `${JSON.stringify({ seq, at: 'ä', ms: 0, type: 'log', text: '💾' })}\n`;
    await writeFile(path, `${line(0)}{"seq":1,"ty\n${line(2)}`);
    const first = await readEvents(job.folder);
    assert.deepEqual(
      first.events.map((e) => e.seq),
      [0, 2],
    );
    await appendFile(path, line(3));
    assert.deepEqual(
      (await readEvents(job.folder, first.offset)).events.map((e) => e.seq),
      [3],
    );
  });

  it('calls a job interrupted whose runner is gone, without a word of it in the file', async () => {
    const job = await createJob(plan(), home);
    const j = journal(job.folder);
    j.write({ type: 'state', state: 'running' });
    j.close();
    await writeFile(
      join(job.folder, 'runner.json'),
      JSON.stringify({ ...ownOwner(), startedAtTicks: '1@x' }),
    );
    assert.equal((await listJobs(home))[0]?.state, 'interrupted');
    assert.deepEqual(
      (await collect(job.folder)).map((e) => (e.type === 'state' ? e.state : e.type)),
      ['running', 'interrupted'],
    );
  });

  it('masks what it writes and survives a jump of the clock', async () => {
    const job = await createJob(plan(), home);
    const real = Date.now;
    const j = journal(job.folder);
    try {
      j.write({ type: 'state', state: 'running' });
      // An hour back.
      Date.now = () => real() - 3_600_000;
      j.write({ type: 'log', level: 'info', text: 'password is hush' });
      j.write({ type: 'state', state: 'succeeded' });
    } finally {
      Date.now = real;
    }
    j.close();
    assert.doesNotMatch(await readFile(join(job.folder, 'events.jsonl'), 'utf8'), /hush/);
    const [summary] = await listJobs(home);
    assert.equal(summary?.state, 'succeeded');
    assert.ok(summary.durationMs! >= 0 && summary.durationMs! < 60_000);
  });

  it('tells when jobs come and change', async () => {
    await mkdir(home.state, { recursive: true });
    let calls = 0;
    const watching = watchJobs(home, () => calls++);
    try {
      await eventually(async () => {
        if (calls > 0) return true;
        await createJob(plan(), home);
        await new Promise((resolve) => setTimeout(resolve, 500));
        return calls > 0;
      }, 'a new job is told');
      const [job] = await listJobs(home);
      const before = calls;
      const j = journal(job!.folder);
      j.write({ type: 'state', state: 'running' });
      j.close();
      await eventually(() => calls > before, 'a change is told');
    } finally {
      watching.dispose();
    }
  });
});
