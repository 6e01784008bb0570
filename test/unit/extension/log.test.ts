import assert from 'node:assert/strict';
import type { LogOutputChannel } from 'vscode';
import type { Log } from '../../../src/extension/log';
import { fakeVscode, l10n } from './fakeVscode';

describe('the log', () => {
  const lines: string[] = [];
  let fake: { restore(): void };
  let log: Log;

  before(async () => {
    fake = fakeVscode({ l10n, window: {} });
    const write = (text: string): number => lines.push(text);
    const channel = { info: write, warn: write, error: write } as unknown as LogOutputChannel;
    const { Log } = await import('../../../src/extension/log');
    log = new Log(channel);
  });
  after(() => fake.restore());

  const cases: [name: string, text: string, secret: string][] = [
    ['a password it was told of', 'it is s3cret+/% here', 's3cret+/%'],
    [
      'the same percent-encoded',
      `postgresql://h/${encodeURIComponent('s3cret+/%')}`,
      encodeURIComponent('s3cret+/%'),
    ],
    ['a URI’s password', 'at postgresql://me:hunter2@host/db', 'hunter2'],
    ['a URI’s password with an @', 'at postgres://me:p@ss@host/db', 'p@ss'],
    ['a key=value password', "host=h password='it''s' user=u password=plain", 'plain'],
    ['a quoted one with a quote in it', "password='a\\'b' user=u", "a\\'b"],
    ['PGPASSWORD', 'PGPASSWORD=hunter2 pg_dump', 'hunter2'],
    ['sslpassword', 'sslpassword=hunter2', 'hunter2'],
  ];
  for (const [name, text, secret] of cases)
    it(`masks ${name}`, () => {
      log.hide('s3cret+/%');
      for (const write of ['info', 'warn', 'error'] as const) log[write](text);
      for (const line of lines.splice(0)) {
        assert.ok(!line.includes(secret), line);
        assert.match(line, /•/);
      }
    });

  it('leaves other text alone', () => {
    const text = 'pg_dump: dumping contents of table "public.passwords" to /home/me:x/y';
    log.info(text);
    assert.deepEqual(lines.splice(0), [text]);
  });
});
