import assert from 'node:assert/strict';
import {
  cleanWal,
  planWalCleanup,
  readWalArchive,
  type Needed,
  type WalCleanup,
} from '../../../src/engine/physical';
import { memoryArchive } from '../../support/wal';

const SIZE = 16 * 1024 * 1024;
const name = (timeline: number, number: number): string =>
  [timeline, 0, number].map((part) => part.toString(16).toUpperCase().padStart(8, '0')).join('');

/** Timeline 1 from 1 to 9; 2 branched from it in 5 and has 5 to 8; 3 from 2 in 7 and has 7 and 8. */
function files(): Record<string, number | string> {
  const segments = [
    ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((number) => name(1, number)),
    ...[5, 6, 7, 8].map((number) => name(2, number)),
    ...[7, 8].map((number) => name(3, number)),
  ];
  return {
    ...Object.fromEntries(segments.map((segment) => [segment, SIZE])),
    '00000002.history': '1\t0/5000100\tx\n',
    '00000003.history': '1\t0/5000100\tx\n2\t0/7000100\tx\n',
    [`${name(1, 2)}.00000028.backup`]: 'text',
    [`${name(1, 6)}.00000028.backup`]: 'text',
  };
}

async function plan(
  needed: Needed[],
  options: { branches?: boolean } = {},
  content = files(),
): Promise<WalCleanup> {
  const source = memoryArchive(content);
  return planWalCleanup(await readWalArchive(source), await source.list(), needed, options);
}

const gone = ({ remove }: WalCleanup): string[] =>
  remove.map(({ file }) => {
    const [, timeline, number, rest] = /^0+(\d)0{8}0+(\d+)(.*)$/.exec(file.name)!;
    return `${timeline}:${number}${rest}`;
  });

describe('cleaning a WAL archive', () => {
  it('keeps what a backup on the first timeline leads to, on all that branched after it', async () => {
    const found = await plan([{ timeline: 1, lsn: '0/3000028' }]);
    assert.deepEqual(gone(found), ['1:1', '1:2', '1:2.00000028.backup']);
    assert.equal(found.bytes, 2 * SIZE + 4);
    assert.equal(found.branches.files, 0);
  });

  it('keeps the end of the timeline before, for a backup on a branch', async () => {
    // The backup began in the segment in which the branch did.
    const found = await plan([{ timeline: 2, lsn: '0/5000200' }], { branches: true });
    assert.deepEqual(gone(found), [
      '1:1',
      '1:2',
      '1:2.00000028.backup',
      '1:3',
      '1:4',
      ...['1:6', '1:6.00000028.backup', '1:7', '1:8', '1:9'],
    ]);
    assert.ok(!gone(found).includes('1:5'));
  });

  it('leaves timelines that no backup leads to, unless asked', async () => {
    // Taken on timeline 1 after 2 branched.
    const backup = [{ timeline: 1, lsn: '0/6000028' }];
    const careful = await plan(backup);
    assert.deepEqual(gone(careful), ['1:1', '1:2', '1:2.00000028.backup', '1:3', '1:4', '1:5', '2:5']);
    assert.equal(careful.branches.files, 5);
    assert.deepEqual(gone(await plan(backup, { branches: true })).slice(7), [
      '2:6',
      '2:7',
      '3:7',
      '2:8',
      '3:8',
    ]);
  });

  it('keeps what any of several backups needs', async () => {
    const found = await plan(
      [
        { timeline: 3, lsn: '0/7000200' },
        { timeline: 1, lsn: '0/4000028' },
      ],
      { branches: true },
    );
    assert.deepEqual(gone(found), ['1:1', '1:2', '1:2.00000028.backup', '1:3']);
  });

  it('never removes histories', async () => {
    const found = await plan([{ timeline: 3, lsn: '0/8000200' }], { branches: true });
    assert.ok(found.remove.every(({ file }) => !file.name.endsWith('.history')));
    assert.deepEqual(gone(found).at(-1), '1:9');
    assert.ok(!gone(found).includes('3:8'));
  });

  it('keeps what could be needed where a history is missing', async () => {
    const content = files();
    delete content['00000003.history'];
    const found = await plan([{ timeline: 1, lsn: '0/8000028' }], { branches: true }, content);
    assert.ok(!gone(found).includes('3:8'));
    assert.ok(gone(found).includes('3:7'));
    assert.ok(gone(found).includes('2:8'));
  });

  it('is refused without a backup, and where it is not ours to do', async () => {
    await assert.rejects(plan([]), { code: 'wal.nothingNeeded' });
    const { name: called, list, open } = memoryArchive({});
    await assert.rejects(cleanWal({ name: called, list, open }, { remove: [] }), { code: 'wal.readOnly' });
  });

  it('removes the oldest first, so that what is left has no new gap when it is stopped', async () => {
    const source = memoryArchive(files());
    const found = planWalCleanup(await readWalArchive(source), await source.list(), [
      { timeline: 1, lsn: '0/5000028' },
    ]);
    const stop = new AbortController();
    const cleaned = cleanWal(source, found, {
      signal: stop.signal,
      onProgress: ({ files: done }) => void (done === 2 && stop.abort()),
    });
    await assert.rejects(cleaned, { name: 'AbortError' });
    assert.deepEqual(source.removed, [name(1, 1), name(1, 2)]);
  });
});
