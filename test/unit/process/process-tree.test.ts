import assert from 'node:assert/strict';
import { listProcesses, startTicks, treeOf, type Ask } from '../../../src/engine/process-tree';

/** Answers as the system's own program does, and keeps what it was asked. */
function answering(answer: string | null): { ask: Ask; asked: string[][] } {
  const asked: string[][] = [];
  return { asked, ask: (command, args) => (asked.push([command, ...args]), answer) };
}

describe('process trees of other systems', () => {
  it('reads when a process started from ps (macOS)', () => {
    const { ask, asked } = answering('S    Sat Nov 21 07:30:37 2026    \n');
    assert.equal(startTicks(7, ask, 'darwin'), 'Sat Nov 21 07:30:37 2026');
    assert.deepEqual(asked, [['ps', '-o', 'state=,lstart=', '-p', '7']]);
    assert.equal(startTicks(7, answering('Z+   Sat Nov 21 07:30:37 2026').ask, 'darwin'), null);
    assert.equal(startTicks(7, answering(null).ask, 'darwin'), null);
  });

  it('reads when a process started from PowerShell (Windows)', () => {
    const { ask, asked } = answering('134082918371234567\r\n');
    assert.equal(startTicks(7, ask, 'win32'), '134082918371234567');
    assert.equal(asked[0]?.[0], 'powershell.exe');
    assert.match(asked[0]?.at(-1) ?? '', /-Id 7 /);
    assert.equal(startTicks(7, answering(null).ask, 'win32'), null);
  });

  it('reads who is whose child from ps (macOS)', () => {
    const { ask } = answering('    1     0     1 Ss\n  310     1   310 S+\n  311   310   310 Z\n\n');
    assert.deepEqual(listProcesses(ask, 'darwin'), [
      { pid: 1, parent: 0, group: 1, zombie: false },
      { pid: 310, parent: 1, group: 310, zombie: false },
      { pid: 311, parent: 310, group: 310, zombie: true },
    ]);
    assert.deepEqual(listProcesses(answering(null).ask, 'darwin'), []);
  });

  it('reads this system', () => {
    const all = listProcesses(() => null, 'linux');
    assert.ok(all.some(({ pid, parent }) => pid === process.pid && parent === process.ppid));
  });
});

describe('treeOf', () => {
  const one = (pid: number, parent: number, group = pid, zombie = false) => ({ pid, parent, group, zombie });

  it('holds children of children, and what is left of the group, but nothing that has ended', () => {
    const all = [one(9, 5), one(2, 1), one(5, 2, 2), one(6, 1, 2), one(7, 1), one(8, 5, 2, true)];
    assert.deepEqual(treeOf(2, all), [2, 5, 9, 6]);
  });
  it('is the process alone where the system tells nothing', () => assert.deepEqual(treeOf(2, []), [2]));
});
