import assert from 'node:assert/strict';
import { applyFix } from '../../../src/engine/restore';

describe('fixes of a request', () => {
  it('are merged: objects by key, lists joined, the rest replaced', () => {
    const request = { artifact: 'a', options: { jobs: 2 }, createRoles: ['x'], strategy: 'new' };
    assert.deepEqual(
      applyFix(request, { options: { 'no-owner': true }, createRoles: ['x', 'y'], strategy: 'replace' }),
      {
        artifact: 'a',
        options: { jobs: 2, 'no-owner': true },
        createRoles: ['x', 'y'],
        strategy: 'replace',
      },
    );
    assert.deepEqual(request.options, { jobs: 2 }, 'the request stays as it is');
    assert.deepEqual(applyFix({}, { endSessions: true }), { endSessions: true });
  });
});
