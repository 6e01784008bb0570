import assert from 'node:assert/strict';
import { Shared } from '../../../src/extension/reader/worker/shared';

describe('work that several wait for', () => {
  const forever = (signal: AbortSignal): Promise<number> =>
    new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));

  it('is done once', async () => {
    let done = 0;
    const shared = new Shared(() => Promise.resolve(++done));
    const { signal } = new AbortController();
    assert.deepEqual(await Promise.all([shared.get(signal), shared.get()]), [1, 1]);
    assert.equal(await shared.get(signal), 1);
  });

  it('ends with the last who waits, and begins anew', async () => {
    const signals: AbortSignal[] = [];
    const shared = new Shared((signal) => {
      signals.push(signal);
      return forever(signal);
    });
    const [one, other] = [new AbortController(), new AbortController()];
    const waiting = [shared.get(one.signal), shared.get(other.signal)].map((answer) =>
      assert.rejects(answer, { name: 'AbortError' }),
    );
    one.abort();
    assert.equal(signals[0]?.aborted, false);
    other.abort();
    await Promise.all(waiting);
    assert.equal(signals[0]?.aborted, true);
    const last = new AbortController();
    const again = assert.rejects(shared.get(last.signal), { name: 'AbortError' });
    assert.equal(signals.length, 2);
    last.abort();
    await again;
  });

  it('that failed is tried again', async () => {
    let tries = 0;
    const shared = new Shared(() =>
      ++tries === 1 ? Promise.reject(new Error('damaged')) : Promise.resolve(tries),
    );
    await assert.rejects(shared.get(), /damaged/);
    assert.equal(await shared.get(), 2);
  });
});
