import assert from 'node:assert/strict';
import { ProgressMeter, type Progress } from '../../../src/engine/jobs/progress';

describe('jobs: progress', () => {
  let now: number;
  let seen: Progress[];
  const meter = (...weights: number[]): ProgressMeter =>
    new ProgressMeter(
      weights,
      (progress) => seen.push(progress),
      () => now,
    );
  const last = (): Progress => seen[seen.length - 1]!;
  beforeEach(() => {
    now = 0;
    seen = [];
  });

  it('weighs the steps', () => {
    const m = meter(300, 100);
    m.step(0, 'dump');
    m.update(0.5, 'orders');
    m.flush();
    assert.equal(last().fraction, 0.375);
    m.step(1, 'finish');
    m.flush();
    assert.equal(last().fraction, 0.75);
    m.finish('done');
    assert.equal(last().fraction, 1);
    assert.equal(last().remainingMs, 0);
  });

  it('says nothing where nothing is known', () => {
    const m = meter(100, 0);
    m.step(0, 'reading');
    m.update(null, 'reading');
    m.flush();
    assert.deepEqual(last(), { fraction: null, what: 'reading', bytes: null, remainingMs: null });
  });

  it('never goes back, and never over 1', () => {
    const m = meter(1);
    m.step(0, '');
    for (const fraction of [0.2, 0.6, 0.4, null, 1.7]) {
      m.update(fraction, '');
      m.flush();
    }
    assert.deepEqual(
      seen.map((p) => p.fraction).filter((f) => f !== null),
      [0.2, 0.6, 0.6, 0.6, 1],
    );
    m.stop();
  });

  it('tells the time left from the rate, not before there is one', () => {
    const m = meter(1);
    m.step(0, '');
    now = 500;
    m.update(0.05, '');
    assert.equal(last().remainingMs, null);
    for (let i = 1; i <= 20; i++) {
      now = 500 + i * 500;
      m.update(0.05 + i * 0.005, '');
      m.flush();
    }
    // At 15 %, 1 % a second.
    assert.ok(Math.abs(last().remainingMs! - 85_000) < 30_000, String(last().remainingMs));
    m.stop();
  });

  it('is smooth: one slow moment does not turn the forecast over', () => {
    const m = meter(1);
    m.step(0, '');
    for (let i = 1; i <= 100; i++) {
      now = i * 300;
      m.update(i * 0.003, '');
    }
    m.flush();
    const before = last().remainingMs!;
    now += 600;
    m.update(0.3, '');
    m.flush();
    assert.ok(last().remainingMs! < before * 1.3, `${before} → ${last().remainingMs}`);
    m.stop();
  });

  it('is not told more often than four times a second', () => {
    const m = meter(1);
    m.step(0, '');
    for (let i = 0; i < 1000; i++) {
      now = i;
      m.update(i / 1000, '');
    }
    m.stop();
    assert.ok(seen.length <= 5, String(seen.length));
  });
});
