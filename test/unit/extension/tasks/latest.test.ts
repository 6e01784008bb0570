import assert from 'node:assert/strict';
import type { Artifact, Manifest } from '../../../../src/engine/artifacts/types';
import { newestWhole } from '../../../../src/extension/tasks/latest';

const origin = { connection: 'main', servers: ['db:5432'], database: 'shop' };

function artifact(path: string, more: Partial<Artifact> = {}, manifest: Partial<Manifest> = {}): Artifact {
  return {
    path,
    source: { connection: 'main', server: 'other:5432', database: 'shop' },
    partial: false,
    evidence: { level: 'checksum', ok: true, at: '2026-11-21T00:00:00Z' },
    manifest: { method: 'dump', options: {}, ...manifest } as Manifest,
    ...more,
  } as Artifact;
}

describe('the latest backup of a task', () => {
  const good = artifact('good');

  it('is the first of those listed', () => {
    assert.equal(newestWhole([good, artifact('older')], origin)?.path, 'good');
    assert.equal(newestWhole([], origin), undefined);
  });

  it('is of the connection by its name or by its server', () => {
    const moved = artifact('x', { source: { connection: 'old name', server: 'db:5432', database: 'shop' } });
    assert.equal(newestWhole([moved], origin), moved);
    const stranger = artifact('x', { source: { connection: 'b', server: 'b:1', database: 'shop' } });
    assert.equal(newestWhole([stranger, good], origin), good);
    const unknown = artifact('x', { source: { connection: null, server: null, database: 'shop' } });
    assert.equal(newestWhole([unknown, good], origin), good);
  });

  const passedOver: [string, Artifact][] = [
    ['another database', artifact('x', { source: { connection: 'main', server: null, database: 'b' } })],
    ['a half-made one', artifact('x', { partial: true })],
    [
      'one that failed its verification',
      artifact('x', { evidence: { level: 'checksum', ok: false, at: '' } }),
    ],
    ['a dump that is not ours', artifact('x', { manifest: null })],
    ['rows of a table', artifact('x', {}, { method: 'copy' })],
    ['a part: tables', artifact('x', {}, { options: { tables: [{ schema: 'a', name: 'b' }] } })],
    ['a part: definitions', artifact('x', {}, { options: { 'schema-only': true } })],
    ['a part: a section', artifact('x', {}, { options: { section: ['data'] } })],
  ];
  for (const [what, other] of passedOver)
    it(`passes over ${what}`, () => assert.equal(newestWhole([other, good], origin), good));

  it('minds no answer that chooses nothing', () => {
    const whole = artifact('x', {}, { options: { 'schema-only': false, tables: [], jobs: 4 } });
    assert.equal(newestWhole([whole, good], origin), whole);
  });
});
