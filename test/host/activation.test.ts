import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { recordFigure } from '../support/figures';

/** Named so that it sorts first: nothing has asked for the extension yet. */
describe('activation', () => {
  const extension = vscode.extensions.getExtension('restore-point.restore-point');

  it('has the extension', () => assert.ok(extension));

  it('starts nothing by itself', () => assert.equal(extension?.isActive, false));

  it('activates', async () => {
    const started = performance.now();
    const before = process.cpuUsage();
    await extension?.activate();
    const { user, system } = process.cpuUsage(before);
    const took = (performance.now() - started).toFixed(0);
    const worked = ((user + system) / 1000).toFixed(0);
    recordFigure('activation', `${took} ms, ${worked} ms of processor time (aim: under 50 ms)`);
    assert.equal(extension?.isActive, true);
  });
});
