const { appendFileSync } = require('node:fs');
const { reporters, Runner } = require('mocha');

const { EVENT_TEST_PASS, EVENT_TEST_FAIL, EVENT_TEST_PENDING, EVENT_RUN_END } = Runner.constants;

/**
 * Mocha's `spec` on the terminal, and one JSON line for each result in the file `RESTORE_POINT_RESULTS`,
 * written at once so that a crash loses nothing. The last line, `end`, says that the run was whole.
 */
class Reporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const path = process.env.RESTORE_POINT_RESULTS;
    if (!path) return;
    const write = (line) => appendFileSync(path, `${JSON.stringify(line)}\n`);
    const result = (state, test, error) =>
      write({
        type: 'result',
        state,
        title: test.titlePath().join(' › '),
        file: test.file,
        ms: test.duration ?? null,
        ...(error ? { error: String(error.stack ?? error.message ?? error) } : {}),
      });
    runner.on(EVENT_TEST_PASS, (test) => result('passed', test));
    runner.on(EVENT_TEST_FAIL, (test, error) => result('failed', test, error));
    runner.on(EVENT_TEST_PENDING, (test) => result('skipped', test));
    runner.once(EVENT_RUN_END, () => write({ type: 'end' }));
  }
}

module.exports = Reporter;
