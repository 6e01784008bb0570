import assert from 'node:assert/strict';
import type * as Definition from '../../../../src/extension/tasks/definition';
import { fakeVscode, l10n } from '../fakeVscode';

describe('an entry of tasks.json', () => {
  let fake: { restore(): void };
  let readDefinition: typeof Definition.readDefinition;
  const read = (given: object): Promise<Definition.WantedTask> =>
    readDefinition({ type: 'restore-point', ...given });
  const where = { connection: 'main', database: 'shop' };

  before(async () => {
    fake = fakeVscode({ l10n });
    ({ readDefinition } = await import('../../../../src/extension/tasks/definition'));
  });
  after(() => fake.restore());

  it('is a backup where it says nothing else, and overrules nothing it does not say', async () => {
    assert.deepEqual(await read(where), { task: 'backup', ...where });
    assert.deepEqual(await read({ ...where, notes: '', preset: '' }), { task: 'backup', ...where });
  });

  it('of a backup is read wholly', async () => {
    const all = {
      task: 'backup',
      ...where,
      format: 'tar',
      preset: 'nightly',
      folder: 'backups',
      verify: 'contents',
      notes: 'before',
      options: { 'schema-only': true, jobs: 2, table: ['a', 'b'], role: 'x' },
    };
    assert.deepEqual(await read(all), all);
  });

  it('of a restore takes its own database and connection where it names no source', async () => {
    assert.deepEqual(await read({ task: 'restore', ...where, artifact: 'latest' }), {
      task: 'restore',
      ...where,
      artifact: 'latest',
      source: 'shop',
      sourceConnection: 'main',
      strategy: 'new',
    });
    const elsewhere = { artifact: 'x.dump', source: 'a', sourceConnection: 'b', strategy: 'in-place' };
    assert.deepEqual(await read({ task: 'restore', ...where, ...elsewhere }), {
      task: 'restore',
      ...where,
      ...elsewhere,
    });
  });

  it('of a restore point says what is kept, and where it leads back to', async () => {
    const kept = { task: 'createPoint', ...where, notes: 'before 0042' };
    assert.deepEqual(await read(kept), kept);
    assert.deepEqual(await read({ task: 'goBack', ...where }), { task: 'goBack', ...where });
    const back = { task: 'goBack', ...where, point: 'before 0042' };
    assert.deepEqual(await read(back), back);
  });

  const refused: [string, object, RegExp[]][] = [
    ['without connection and database', {}, [/"connection" is missing/, /"database" is missing/]],
    ['of another kind', { ...where, task: 'drop' }, [/"task" is none of: backup, restore/]],
    ['of another format', { ...where, format: 'zip' }, [/"format" is none of: custom, directory/]],
    ['with a number for a name', { connection: 7, database: 'x' }, [/"connection" is not a text/]],
    ['of a restore of nothing', { ...where, task: 'restore' }, [/"artifact" is missing/]],
    ['with a list of options', { ...where, options: ['x'] }, [/"options" is not an object/]],
    ['with an option that has no value', { ...where, options: { jobs: null } }, [/"options": "jobs"/]],
  ];
  for (const [what, given, reasons] of refused)
    it(`${what} is refused, with every reason`, async () => {
      await assert.rejects(read(given), (error: { code: string; why: string; next: string }) => {
        assert.equal(error.code, 'task.definition');
        for (const reason of reasons) assert.match(error.why, reason);
        assert.match(error.next, /tasks\.json/);
        return true;
      });
    });
});
