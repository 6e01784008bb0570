import assert from 'node:assert/strict';
import type { RpcError } from '../../../src/shared/rpc';
import { Rpc, type RpcMessage } from '../../../src/shared/rpc';

interface Host {
  add(pair: [number, number]): number;
  wait(nothing: null): string;
  fail(nothing: null): void;
}
interface Page {
  name(nothing: null): string;
}

/** Two ends joined as postMessage joins them: asynchronously and by structured clone. */
function join(): {
  page: Rpc<Page, Host>;
  host: Rpc<Host, Page>;
  aborted: Promise<void>;
  sent: RpcMessage[];
} {
  const sent: RpcMessage[] = [];
  let onAbort!: () => void;
  const aborted = new Promise<void>((resolve) => (onAbort = resolve));
  const facts = (error: unknown) => ({ code: 'x', what: (error as Error).message, why: '', next: '' });
  const post =
    (to: () => { receive(data: unknown): void }) =>
    (message: RpcMessage): void => {
      sent.push(message);
      queueMicrotask(() => to().receive(structuredClone(message)));
    };
  const page: Rpc<Page, Host> = new Rpc<Page, Host>(
    post(() => host),
    { name: () => 'plan' },
    facts,
  );
  const host: Rpc<Host, Page> = new Rpc<Host, Page>(
    post(() => page),
    {
      add: ([a, b]) => a + b,
      wait: (_nothing, signal) =>
        new Promise((resolve) => signal.addEventListener('abort', () => (onAbort(), resolve('late')))),
      fail: () => {
        throw new Error('no such table');
      },
    },
    facts,
  );
  return { page, host, aborted, sent };
}

describe('rpc (unit)', () => {
  it('answers calls both ways', async () => {
    const { page, host } = join();
    assert.equal(await page.call('add', [2, 3]), 5);
    assert.equal(await host.call('name', null), 'plan');
  });

  it('brings a refusal back with its facts', async () => {
    const { page } = join();
    await assert.rejects(page.call('fail', null), (error: RpcError) => error.facts.what === 'no such table');
  });

  it('refuses a name the contract does not have, also an inherited one', async () => {
    const { page } = join();
    await assert.rejects(page.call('toString' as 'fail', null), /No such call/);
  });

  it('aborts the handler of a cancelled call and drops its late reply', async () => {
    const { page, aborted, sent } = join();
    const controller = new AbortController();
    const call = page.call('wait', null, controller.signal);
    queueMicrotask(() => queueMicrotask(() => controller.abort()));
    await assert.rejects(call, { name: 'AbortError' });
    await aborted;
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(
      sent.map((message) => message.rpc),
      ['call', 'cancel'],
    );
  });

  it('rejects what is under way when it is closed, and everything after', async () => {
    const { page } = join();
    const call = page.call('wait', null);
    page.close();
    await assert.rejects(call, { name: 'AbortError' });
    await assert.rejects(page.call('add', [1, 1]), { name: 'AbortError' });
  });

  it('leaves messages alone that are not its own', () => {
    const { page } = join();
    for (const stranger of [null, 'text', {}, { rpc: 'ok' }, { type: 'show' }]) page.receive(stranger);
  });
});
