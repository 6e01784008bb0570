import assert from 'node:assert/strict';
import type { JobEvent, JobEventBody } from '../../../../src/engine/jobs/events';
import type { Printer as PrinterClass } from '../../../../src/extension/tasks/printer';
import { fakeVscode, l10n } from '../fakeVscode';

describe('what a task writes to its terminal', () => {
  let fake: { restore(): void };
  let Printer: typeof PrinterClass;
  let printer: PrinterClass;
  let columns = 80;

  const at = (body: JobEventBody, ms = 0): JobEvent => ({ seq: 0, at: '2026-11-21T07:15:12Z', ms, ...body });
  const written = (body: JobEventBody, ms?: number): string => printer.event(at(body, ms));
  /** Without colours. */
  const plain = (text: string): string => text.replace(/\u001b\[\d*m/g, '');
  const progress = (what: string, fraction: number | null = 0.5): JobEventBody => ({
    type: 'progress',
    fraction,
    what,
    bytes: null,
    remainingMs: null,
  });

  before(async () => {
    fake = fakeVscode({ l10n, env: { language: 'en' } });
    const { engine } = await import('../../../../src/extension/engine');
    await engine();
    ({ Printer } = await import('../../../../src/extension/tasks/printer'));
  });
  after(() => fake.restore());
  beforeEach(() => {
    columns = 80;
    printer = new Printer({ mask: (text) => text.replaceAll('hunter2', '•••'), columns: () => columns });
  });

  it('is a line for each step', () => {
    assert.equal(plain(written({ type: 'step', index: 0, title: 'Dump shop' })), '▸ Dump shop\r\n');
  });

  it('is one line of progress that is written over, and twice a second at most', () => {
    const lines: string[] = [];
    for (let ms = 0; ms < 10_000; ms += 10) lines.push(written(progress(`public.t${ms}`), ms));
    const shown = lines.filter(Boolean);
    assert.equal(shown.length, 20);
    for (const line of shown) assert.match(line, /^\r\u001b\[K50 % · public\.t\d+$/);
    assert.match(written({ type: 'step', index: 1, title: 'x' }, 10_000), /^\r\u001b\[K/);
    assert.doesNotMatch(written({ type: 'step', index: 2, title: 'x' }, 10_001), /\u001b\[K/);
  });

  it('cuts progress to the width there is: a line that wraps cannot be written over', () => {
    columns = 21;
    assert.equal(written(progress('a'.repeat(50))), `\r\u001b[K50 % · ${'a'.repeat(13)}`);
    assert.equal(written(progress('表'.repeat(50)), 600), `\r\u001b[K50 % · ${'表'.repeat(6)}`);
  });

  it('says nothing of per cent that are not known', () => {
    assert.match(written(progress('x', null)), /… · x$/);
  });

  it('shows what a terminal would obey, and no secret', () => {
    const evil = 'a\u001b]0;owned\u0007\u009b2J\nb hunter2';
    for (const body of [
      { type: 'step', index: 0, title: evil },
      progress(evil),
      { type: 'log', level: 'error', text: evil },
      { type: 'error', error: { code: 'x', what: evil, why: evil, next: evil } },
    ] satisfies JobEventBody[]) {
      const text = plain(written(body)).replace('\r\u001b[K', '');
      assert.doesNotMatch(text, /[\u0000-\u0009\u000b\u000c\u000e-\u001f\u007f-\u009f]/, body.type);
      assert.doesNotMatch(text, /hunter2/);
      assert.match(text, /•••/);
    }
  });

  it('leaves out what is harmless, and what comes again as a message', () => {
    const message = { severity: 'error', entry: null, sqlState: null, text: 'x', reason: 'y' } as const;
    assert.equal(written({ type: 'message', message: { ...message, verdict: 'harmless' } }), '');
    assert.equal(written({ type: 'log', level: 'error', text: 'x', source: 'pg_restore' }), '');
    assert.equal(written({ type: 'log', level: 'info', text: 'x' }), '');
    assert.equal(written({ type: 'process', pid: 1, startedAtTicks: null, name: 'pg_dump' }), '');
    const failed = written({
      type: 'message',
      message: { ...message, verdict: 'failed', entry: 'TABLE a b', next: 'z' },
    });
    assert.equal(plain(failed), 'TABLE a b: x\r\n  y\r\n  → z\r\n');
    assert.equal(
      plain(written({ type: 'log', level: 'warning', text: 'slow', source: 'pg_dump' })),
      'slow\r\n',
    );
  });

  it('ends with how it went', () => {
    written({ type: 'result', result: { durationMs: 400, entries: { restored: 1204, harmless: 2 } } });
    assert.equal(
      plain(written({ type: 'state', state: 'succeeded' })),
      'Done · 0.4 s · 1,204 entries restored · 2 harmless messages\r\n',
    );
    const error = { code: 'x', what: 'It broke.', why: 'ERROR: no', next: 'Mend it.' };
    assert.equal(plain(written({ type: 'error', error })), 'It broke.\r\nERROR: no\r\nMend it.\r\n');
    assert.match(plain(written({ type: 'state', state: 'failed', reason: 'It broke.' })), /^Failed\.\r\n$/);
    assert.match(plain(written({ type: 'state', state: 'cancelled' })), /^Cancelled/);
    assert.match(plain(written({ type: 'state', state: 'queued', reason: 'Waits for x.' })), /^Waits for x/);
  });
});
