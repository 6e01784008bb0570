import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OpenedDump } from '../../../src/extension/reader/worker/openedDump';
import { useTempFolder } from '../../support/fixtures';

describe('a dump while it is opened', () => {
  const folder = useTempFolder();

  it('tells a listing that grows, and sizes when all is known', async function () {
    this.timeout(60_000);
    const path = join(folder(), 'long.sql');
    let script = '';
    for (let i = 0; i < 250_000; i++) script += `create table t${i} (id int, note text default 'a;b');\n`;
    await writeFile(path, `${script}copy t1 from stdin;\n1\tx\n\\.\n`);
    const grown: number[] = [];
    const sized: number[] = [];
    let done!: () => void;
    const end = new Promise<void>((resolve) => (done = resolve));
    const dump = new OpenedDump(
      path,
      {},
      {
        opened: ({ entries, complete }) => {
          grown.push(entries);
          if (complete) done();
        },
        failed: (facts) => assert.fail(facts.what),
        progress: () => {},
        sizes: (sizes) => sized.push(...sizes.map(({ bytes }) => bytes ?? -1)),
      },
    );
    const first = await dump.open();
    if (first.complete) return this.skip();
    await end;
    assert.ok(grown.length > 2, grown.join());
    assert.deepEqual(
      grown,
      grown.toSorted((a, b) => a - b),
    );
    assert.equal(grown.at(-1), 250_001);
    assert.deepEqual(sized, [7]);
    await (await dump.archive()).close();
  });
});
