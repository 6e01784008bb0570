const { mkdirSync } = require('node:fs');
const { join } = require('node:path');

/**
 * Files of a layer run in several processes at once (mocha's workers). Each has a home and a temporary folder of its own:
 * tests of one file must not find the jobs and the leftovers of another's.
 */
const worker = process.env.MOCHA_WORKER_ID;
if (worker !== undefined && process.env.RESTORE_POINT_TEST_RUN) {
  const own = join(process.env.RESTORE_POINT_TEST_RUN, `worker-${worker}`);
  mkdirSync(own, { recursive: true, mode: 0o755 });
  process.env.TMPDIR = own;
  process.env.RESTORE_POINT_HOME = join(own, 'home');
}
