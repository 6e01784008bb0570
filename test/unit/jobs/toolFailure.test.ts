import assert from 'node:assert/strict';
import { explainToolFailure } from '../../../src/engine/jobs/steps/toolFailure';
import type { ToolStep } from '../../../src/engine/plan';

const step = {
  do: 'tool',
  title: 'Dump shop',
  tool: 'pg_dump',
  build: { version: { text: '15.18' } },
  writes: '/backups/shop.dump.partial',
} as ToolStep;

describe("jobs: a tool's last words", () => {
  const cases: { what: string; stderr: string; code: string; says: RegExp }[] = [
    {
      what: 'a missing right, with the object named',
      stderr: `pg_dump: dumping contents of table "public.orders"
pg_dump: error: query failed: ERROR:  permission denied for table orders
pg_dump: detail: Query was: LOCK TABLE public.orders IN ACCESS SHARE MODE`,
      code: 'right.missing',
      says: /permission denied for table orders/,
    },
    {
      what: 'our disk full',
      stderr: 'pg_dump: error: could not write to output file: No space left on device',
      code: 'disk.full',
      says: /shop\.dump\.partial/,
    },
    {
      what: "the server's disk full",
      stderr:
        'pg_restore: error: could not execute query: ERROR:  could not extend file "base/5/16": No space left on device',
      code: 'disk.full',
      says: /server/,
    },
    {
      what: 'a folder we may not write',
      stderr: 'pg_dump: error: could not open output file "/backups/x": Permission denied',
      code: 'folder.unwritable',
      says: /cannot be written/,
    },
    {
      what: 'a tool that is too old',
      stderr: `pg_dump: error: aborting because of server version mismatch
pg_dump: detail: server version: 17.0; pg_dump version: 15.18`,
      code: 'tool.tooOld',
      says: /15\.18/,
    },
    {
      what: 'a server that died',
      stderr: `pg_dump: error: Dumping the contents of table "a" failed: PQgetCopyData() failed.
pg_dump: detail: Error message from server: server closed the connection unexpectedly
\tThis probably means the server terminated abnormally
\tbefore or while processing the request.`,
      code: 'connection.lost',
      says: /lost/,
    },
    {
      what: 'patterns that match nothing',
      stderr: 'pg_dump: error: no matching tables were found',
      code: 'tool.noMatch',
      says: /Nothing matches/,
    },
    {
      what: 'anything else, in its own words',
      stderr: 'pg_dump: something\npg_dump: error: the moon is in the way',
      code: 'tool.failed',
      says: /pg_dump failed with exit code 1/,
    },
  ];
  for (const { what, stderr, code, says } of cases)
    it(what, () => {
      const error = explainToolFailure(step, { exitCode: 1, signal: null, stderrTail: stderr });
      assert.equal(error.code, code);
      assert.match(error.what, says);
      assert.notEqual(error.why, '');
      assert.notEqual(error.next, '');
    });

  it('names the signal that ended it', () => {
    const error = explainToolFailure(step, { exitCode: -1, signal: 'SIGKILL', stderrTail: 'pg_dump: x' });
    assert.match(error.what, /SIGKILL/);
  });
});
