import assert from 'node:assert/strict';
import type { Services } from '../../../../src/extension/services';
import { fakeVscode, l10n } from '../fakeVscode';

/** As much of the editor's event as is needed. */
class Emitter<T> {
  readonly #listeners: ((value: T) => void)[] = [];
  readonly event = (listener: (value: T) => void): void => void this.#listeners.push(listener);
  fire(value: T): void {
    for (const listener of this.#listeners) listener(value);
  }
}

describe('tasks of a workspace that is not trusted', () => {
  let fake: { restore(): void };

  /** Fails when anything of it is used but what tells the failure. */
  const services = new Proxy({} as Services, {
    get(_, name) {
      if (name === 'log') return { mask: (text: string) => text, error: () => undefined };
      throw new Error(`used ${String(name)} without trust`);
    },
  });

  before(() => {
    fake = fakeVscode({
      l10n,
      workspace: { isTrusted: false },
      EventEmitter: Emitter,
      TaskScope: { Workspace: 2 },
    });
  });
  after(() => fake.restore());

  it('are not offered', async () => {
    const { Tasks } = await import('../../../../src/extension/tasks/provider');
    assert.deepEqual(await new Tasks(services).provideTasks(), []);
  });

  it('refuse to run, say why, and fail', async () => {
    const { JobTerminal } = await import('../../../../src/extension/tasks/terminal');
    const terminal = new JobTerminal(services, () => assert.fail('nothing is prepared'));
    let written = '';
    terminal.onDidWrite((text) => void (written += text));
    const exit = new Promise<number>((done) => terminal.onDidClose(done));
    terminal.open(undefined);
    assert.equal(await exit, 1);
    assert.match(written, /not trusted/);
  });
});
