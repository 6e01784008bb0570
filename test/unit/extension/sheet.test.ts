import assert from 'node:assert/strict';
import type { Answers } from '../../../src/engine/tools';
import type { ScriptedAsk } from '../../../src/extension/ask';
import type { Row } from '../../../src/extension/options/sheet';
import { fakeVscode, l10n } from './fakeVscode';

describe('the sheet of options (unit)', () => {
  let fake: { restore(): void };
  let ask: ScriptedAsk;
  let askSheet: typeof import('../../../src/extension/options/sheet').askSheet;
  let toolRows: typeof import('../../../src/extension/options/toolRows').toolRows;
  let optionsFor: typeof import('../../../src/engine/tools').optionsFor;

  before(async () => {
    fake = fakeVscode({ l10n: { ...l10n, bundle: undefined } });
    ({ askSheet } = await import('../../../src/extension/options/sheet'));
    ({ toolRows } = await import('../../../src/extension/options/toolRows'));
    ({ optionsFor } = await import('../../../src/engine/tools'));
    const { ScriptedAsk } = await import('../../../src/extension/ask');
    ask = new ScriptedAsk();
  });
  after(() => fake.restore());
  afterEach(() => ask.forget());

  const open = async (rows: () => Row[]): Promise<string> =>
    await askSheet(ask, {
      id: 'sheet',
      title: 'Back Up',
      placeholder: '',
      actions: () => [{ id: 'run', label: 'Run' }],
      rows,
    });
  const rowsOver = (answers: Answers, release = 17): Promise<() => Row[]> =>
    toolRows(ask, { title: 'Back Up', tool: 'pg_dump', release, answers });

  for (const release of [15, 16, 17, 18])
    it(`offers all that pg_dump ${release} has and the job does not set itself`, async () => {
      const rows = (await rowsOver({}, release))().map(({ id }) => id);
      const expected = optionsFor('pg_dump', release)
        .filter(({ managed, group }) => !managed && group !== 'connection' && group !== 'information')
        .map(({ flag }) => flag);
      assert.deepEqual(rows.toSorted(), expected.toSorted());
      assert.equal(new Set(rows).size, rows.length);
    });

  it('keeps rows of one heading together', async () => {
    const headings = (await rowsOver({}))().map(({ heading }) => heading);
    const runs = headings.filter((heading, index) => heading !== headings[index - 1]);
    assert.equal(new Set(runs).size, runs.length);
  });

  it('changes the answers and shows them: a switch, a number, a list', async () => {
    const answers: Answers = {};
    const rows = await rowsOver(answers);
    ask.answer('sheet', 'no-owner');
    ask.answer('sheet', 'jobs');
    ask.answer('option.jobs', '4');
    ask.answer('sheet', 'table');
    ask.answer('option.table', 'public.*');
    ask.answer('option.table.list', 'add');
    ask.answer('option.table', '"Odd, name"');
    ask.answer('option.table.list', 'done');
    ask.answer('sheet', 'run');
    assert.equal(await open(rows), 'run');
    assert.deepEqual(answers, { 'no-owner': true, jobs: 4, table: ['public.*', '"Odd, name"'] });
    assert.equal(rows().find(({ id }) => id === 'jobs')?.value, '4');
  });

  it('takes an answer back', async () => {
    const answers: Answers = { 'no-owner': true, jobs: 4, table: ['a'] };
    const rows = await rowsOver(answers);
    ask.answer('sheet', 'no-owner');
    ask.answer('sheet', 'jobs');
    ask.answer('option.jobs', '');
    ask.answer('sheet', 'table');
    ask.answer('option.table.list', 'a');
    ask.answer('sheet', 'run');
    await open(rows);
    assert.deepEqual(answers, {});
  });

  it('refuses what the program would not understand', async () => {
    const rows = await rowsOver({});
    ask.answer('sheet', 'jobs');
    ask.answer('option.jobs', 'many');
    await assert.rejects(open(rows), /not a whole number/);
  });

  it('is left as it was where a question is closed, and ends where the sheet is', async () => {
    const answers: Answers = { jobs: 4 };
    const rows = await rowsOver(answers);
    ask.answer('sheet', 'jobs');
    ask.answer('option.jobs', null);
    ask.answer('sheet', 'table');
    ask.answer('option.table', null);
    ask.answer('sheet', null);
    await assert.rejects(open(rows), { name: 'Dismissed' });
    assert.deepEqual(answers, { jobs: 4 });
  });
});
