import assert from 'node:assert/strict';
import type { JobSummary } from '../../../src/engine/jobs';
import type { lookOf as LookOf } from '../../../src/extension/status/look';
import { fakeVscode, l10n } from './fakeVscode';

describe('the item in the status bar', () => {
  let fake: { restore(): void };
  let lookOf: typeof LookOf;

  const job = (more: object = {}, kind = 'backup'): JobSummary =>
    ({
      id: '1',
      state: 'running',
      fraction: 0.429,
      plan: { title: 'Back up shop', kind },
      ...more,
    }) as JobSummary;
  const failure = (id: string): JobSummary =>
    job({ id, state: 'failed', error: { what: 'The disk is full.' } }, 'restore');

  before(async () => {
    fake = fakeVscode({ l10n });
    ({ lookOf } = await import('../../../src/extension/status/look'));
  });
  after(() => fake.restore());

  it('is not there while nothing runs and nothing failed', () => {
    assert.equal(lookOf([], []), undefined);
  });

  it('says how far one job is', () => {
    assert.deepEqual(lookOf([job()], []), {
      text: '$(loading~spin) Backup 42 %',
      tooltip: 'Back up shop · 42 %',
      failed: false,
    });
    assert.equal(lookOf([job({ fraction: null })], [])?.text, '$(loading~spin) Backup');
    assert.equal(
      lookOf([job({ state: 'queued', fraction: null })], [])?.text,
      '$(loading~spin) Backup waiting',
    );
  });

  it('counts several', () => {
    const look = lookOf([job(), job({ fraction: null, reason: 'Waits for shop.' })], []);
    assert.equal(look?.text, '$(loading~spin) 2 jobs');
    assert.equal(look?.tooltip, 'Back up shop · 42 %\nBack up shop · Waits for shop.');
  });

  it('tells a failure, and opens the last one', () => {
    const look = lookOf([], [failure('a')]);
    assert.equal(look?.text, '$(error) Restore failed');
    assert.match(look?.tooltip ?? '', /The disk is full/);
    assert.deepEqual([look?.failed, look?.job], [true, 'a']);
    const both = lookOf([job()], [failure('a'), failure('b')]);
    assert.equal(both?.text, '$(error) 2 jobs failed $(loading~spin) Backup 42 %');
    assert.equal(both?.job, 'b');
  });

  it('keeps a name with line breaks on its line', () => {
    const look = lookOf([job({ plan: { title: 'Back up a\nb', kind: 'backup' } })], []);
    assert.equal(look?.tooltip, 'Back up a⏎b · 42 %');
  });
});
