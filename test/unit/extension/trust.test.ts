import assert from 'node:assert/strict';
import type { Services } from '../../../src/extension/services';
import { fakeVscode, l10n } from './fakeVscode';

describe('a workspace that is not trusted', () => {
  const handlers = new Map<string, (...args: unknown[]) => Promise<unknown>>();
  const shown: string[] = [];
  let untrusted: Set<string>;
  let fake: { restore(): void };

  /** Fails when anything of it is used but what tells the failure. */
  const services = new Proxy({} as Services, {
    get(_, name) {
      if (name === 'throwErrors') return true;
      if (name === 'log') return { mask: (text: string) => text, error: () => undefined };
      throw new Error(`used ${String(name)} without trust`);
    },
  });

  before(async () => {
    fake = fakeVscode({
      l10n,
      workspace: { isTrusted: false },
      Uri: class {},
      EventEmitter: class {},
      Disposable: { from: () => ({ dispose: () => undefined }) },
      commands: {
        registerCommand: (id: string, handler: (...args: unknown[]) => Promise<unknown>) => {
          handlers.set(id, handler);
          return { dispose: () => undefined };
        },
      },
      window: {
        showErrorMessage: (text: string) => {
          shown.push(text);
          return Promise.resolve(undefined);
        },
      },
    });
    const { commands, registerCommands } = await import('../../../src/extension/commands');
    untrusted = new Set(commands.filter((command) => command.untrusted).map(({ id }) => id));
    registerCommands(commands, services);
  });
  after(() => fake.restore());

  it('lets only help, settings, log and reading through', () => {
    assert.deepEqual([...untrusted].sort(), [
      'restorePoint.installTools',
      'restorePoint.openAsFolder',
      'restorePoint.openComparison',
      'restorePoint.openContents',
      'restorePoint.openSettings',
      'restorePoint.salvage',
      'restorePoint.searchDump',
      'restorePoint.showHistory',
      'restorePoint.showLog',
    ]);
  });

  it('has every other command refused in code, before it touches anything', async () => {
    let refused = 0;
    for (const [id, handler] of handlers) {
      if (untrusted.has(id)) continue;
      await assert.rejects(
        handler({ connection: 'x', database: 'y', artifact: '/z' }),
        { name: 'Untrusted' },
        id,
      );
      refused++;
    }
    assert.ok(refused > 40, String(refused));
  });

  it('says so', () => {
    assert.ok(shown.length > 0);
    for (const text of shown) assert.match(text, /not trusted/);
  });
});
