import assert from 'node:assert/strict';
import type { Step } from '../../../src/extension/ask';
import { fakeVscode, l10n } from './fakeVscode';

type Ask = typeof import('../../../src/extension/ask');

describe('questions in steps', () => {
  let fake: { restore(): void };
  let ask: Ask & { Back: new () => Error };

  before(async () => {
    fake = fakeVscode({ l10n });
    const { Back } = await import('../../../src/extension/ask/quickInput');
    ask = { ...(await import('../../../src/extension/ask')), Back };
  });
  after(() => fake.restore());

  /** A step that takes its answers one after the other; `back` presses the button. */
  const step = (name: string, answers: string[], when?: (state: string[]) => boolean): Step<string[]> => ({
    when,
    ask(state, { number, of }) {
      const answer = answers.shift();
      if (answer === 'back') throw new ask.Back();
      state.push(`${name}=${answer} ${number}/${of}`);
      return Promise.resolve();
    },
  });

  it('are asked in order and numbered', async () => {
    assert.deepEqual(await ask.runSteps([step('a', ['1']), step('b', ['2'])], []), ['a=1 1/2', 'b=2 2/2']);
  });

  it('go back to the question before, as often as wanted', async () => {
    const state = await ask.runSteps(
      [step('a', ['1', '3']), step('b', ['2', 'back', '4']), step('c', ['back', '5'])],
      [],
    );
    assert.deepEqual(state, ['a=1 1/3', 'b=2 2/3', 'a=3 1/3', 'b=4 2/3', 'c=5 3/3']);
  });

  it('leave out what does not apply after the answers before', async () => {
    const state = await ask.runSteps(
      [step('a', ['1']), step('b', ['2'], () => false), step('c', ['3'], (s) => s.length > 0)],
      [],
    );
    assert.deepEqual(state, ['a=1 1/1', 'c=3 2/2']);
  });

  it('end when a question is closed', async () => {
    const closing: Step<string[]> = { ask: () => Promise.reject(new Error('closed')) };
    await assert.rejects(ask.runSteps([closing], []), /closed/);
  });
});
