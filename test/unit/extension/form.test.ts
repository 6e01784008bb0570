import assert from 'node:assert/strict';
import type { HostPort } from '../../../src/engine/connections/types';
import { fakeVscode, l10n } from './fakeVscode';

describe('hosts as a person types them', () => {
  let fake: { restore(): void };
  let form: typeof import('../../../src/extension/commands/connections/form');

  before(async () => {
    fake = fakeVscode({ l10n });
    form = await import('../../../src/extension/commands/connections/form');
  });
  after(() => fake.restore());

  const cases: [text: string, hosts: HostPort[]][] = [
    ['localhost', [{ host: 'localhost', port: 5432 }]],
    ['db.example.com:6432', [{ host: 'db.example.com', port: 6432 }]],
    [
      'a, b:5433',
      [
        { host: 'a', port: 5432 },
        { host: 'b', port: 5433 },
      ],
    ],
    ['[::1]:5433', [{ host: '::1', port: 5433 }]],
    ['::1', [{ host: '::1', port: 5432 }]],
    ['/var/run/postgresql', [{ host: '/var/run/postgresql', port: 5432 }]],
    ['/tmp:5433', [{ host: '/tmp', port: 5433 }]],
  ];
  for (const [text, hosts] of cases) {
    it(`reads ${text}`, () => assert.deepEqual(form.parseHosts(text), hosts));
    it(`writes what it reads: ${text}`, () =>
      assert.deepEqual(form.parseHosts(form.formatHosts(hosts)), hosts));
  }
});
