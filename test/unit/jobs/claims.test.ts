import assert from 'node:assert/strict';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isCancelled } from '../../../src/engine/errors';
import { claim, conflicts, readClaims, type Claim, type ClaimRequest } from '../../../src/engine/jobs/claims';
import { liveness, ownOwner } from '../../../src/engine/jobs/owner';
import { eventually, temporaryHome } from './samples';

describe('jobs: locks and slots', () => {
  let home: ReturnType<typeof temporaryHome>;
  let locks: string;
  beforeEach(() => {
    home = temporaryHome();
    locks = join(home.state, 'locks');
  });
  afterEach(() => home.remove());

  const request = (job: string, database: string, different: Partial<ClaimRequest> = {}): ClaimRequest => ({
    locks,
    job,
    folder: home.root,
    targets: [{ server: 's', database }],
    slots: 10,
    signal: new AbortController().signal,
    onWait: () => undefined,
    onDead: async () => undefined,
    ...different,
  });

  /** Starts claiming; tells who was waited for. */
  function start(r: ClaimRequest) {
    const waits: (string | null)[] = [];
    const state = {
      got: false,
      waits,
      done: Promise.resolve(async () => {}) as Promise<() => Promise<void>>,
    };
    state.done = claim({ ...r, onWait: (holder) => void waits.push(holder ? holder.job : null) }).then(
      (release) => {
        state.got = true;
        return release;
      },
    );
    return state;
  }

  it('knows what conflicts', () => {
    const on = (server: string, database: string) => [{ server, database }];
    assert.ok(conflicts(on('a', 'x'), on('a', 'x')));
    assert.ok(conflicts(on('a', '*'), on('a', 'x')));
    assert.ok(conflicts(on('a', 'x'), on('a', '*')));
    assert.ok(!conflicts(on('a', 'x'), on('a', 'y')));
    assert.ok(!conflicts(on('a', '*'), on('b', 'x')));
    assert.ok(!conflicts([], on('b', 'x')));
  });

  it('lets the second job wait for the first on one database, and go when it is given back', async () => {
    const release = await claim(request('one', 'x'));
    const second = start(request('two', 'x'));
    await eventually(() => second.waits.length > 0, 'the second waits');
    assert.equal(second.waits[0], 'one');
    assert.equal(second.got, false);
    await release();
    await (
      await second.done
    )();
    assert.deepEqual(await readdir(locks), []);
  });

  it('makes the whole server wait for one database, and another server not', async () => {
    const release = await claim(request('one', 'x'));
    const whole = start(request('two', '*'));
    const elsewhere = await claim(request('three', 'x', { targets: [{ server: 't', database: 'x' }] }));
    await eventually(() => whole.waits.length > 0, 'the whole server waits');
    await elsewhere();
    await release();
    await (
      await whole.done
    )();
  });

  it('lets wait for a slot, and one that waits for a database does not take a slot', async () => {
    const slots = 2;
    const one = await claim(request('one', 'x', { slots }));
    const blocked = start(request('two', 'x', { slots }));
    await eventually(() => blocked.waits.length > 0, 'two waits for one');
    const three = await claim(request('three', 'y', { slots }));
    const four = start(request('four', 'z', { slots }));
    await eventually(() => four.waits.length > 0, 'four waits');
    assert.equal(four.waits[0], null);
    await three();
    await (
      await four.done
    )();
    await one();
    await (
      await blocked.done
    )();
  });

  it('can be cancelled while waiting, and leaves nothing', async () => {
    const release = await claim(request('one', 'x'));
    const stop = new AbortController();
    const second = start(request('two', 'x', { signal: stop.signal }));
    await eventually(() => second.waits.length > 0, 'the second waits');
    stop.abort();
    await assert.rejects(second.done, (error) => isCancelled(error));
    assert.deepEqual(
      (await readClaims(locks)).map((c) => c.job),
      ['one'],
    );
    await release();
  });

  it('never lets two hold one database, whoever comes when', async () => {
    let holders = 0;
    let most = 0;
    await Promise.all(
      Array.from({ length: 12 }, async (_, i) => {
        const release = await claim(request(`job${i}`, i % 4 === 0 ? '*' : 'x'));
        most = Math.max(most, ++holders);
        await new Promise((resolve) => setImmediate(resolve));
        holders--;
        await release();
      }),
    );
    assert.equal(most, 1);
    assert.deepEqual(await readdir(locks), []);
  });

  for (const [what, owner] of [
    ['a process that is gone', { ...ownOwner(), pid: 2 ** 22 + 1 }],
    ['another process that has its number now', { ...ownOwner(), startedAtTicks: '1@x' }],
    ['a process of before the reboot', { ...ownOwner(), bootId: 'another boot' }],
  ] as const)
    it(`passes over a lock left by ${what}, after ending what that job left`, async () => {
      await mkdir(locks, { recursive: true });
      const targets = [{ server: 's', database: 'x' }];
      await writeFile(join(locks, '3.dead.claim'), JSON.stringify({ owner, folder: home.root, targets }));
      await writeFile(join(locks, 'dead.started'), '');
      await writeFile(join(locks, 'ghost.choosing'), JSON.stringify({ owner, folder: home.root, targets }));
      const dead: Claim[] = [];
      const release = await claim(request('one', 'x', { onDead: async (c) => void dead.push(c) }));
      assert.deepEqual(
        dead.map((c) => c.job),
        ['dead'],
      );
      assert.deepEqual(
        (await readClaims(locks)).map((c) => c.job),
        ['one'],
      );
      await release();
    });

  it('respects a lock of another machine or container, until its job is removed', async () => {
    const owner = { ...ownOwner(), host: 'elsewhere', bootId: 'another boot' };
    assert.equal(liveness(owner), 'unknown');
    await mkdir(locks, { recursive: true });
    const folder = join(home.root, 'job');
    await mkdir(folder);
    const targets = [{ server: 's', database: 'x' }];
    await writeFile(join(locks, '1.far.claim'), JSON.stringify({ owner, folder, targets }));
    const mine = start(request('one', 'x'));
    await eventually(() => mine.waits.length > 0, 'waits');
    const { rm } = await import('node:fs/promises');
    await rm(folder, { recursive: true });
    await (
      await mine.done
    )();
  });
});
