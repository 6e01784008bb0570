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
    await extension?.activate();
    recordFigure('activation', `${(performance.now() - started).toFixed(0)} ms (aim: under 50 ms)`);
    assert.equal(extension?.isActive, true);
  });
});
