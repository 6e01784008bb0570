import assert from 'node:assert/strict';
import { readSign } from '../../../src/engine/jobs/steps/dialects';
import { dataItems, restoreItems } from '../../../src/engine/jobs/steps/work';
import { WorkList, type Observation } from '../../../src/engine/jobs/steps/workList';
import type { Entry } from '../../../src/engine/archive';

const relation = (name: string, bytes: number, rows: number | null) => ({
  schema: 'public',
  name,
  bytes,
  rows,
});
const copying = (name: string | null, tuples: number, bytes = 0): Observation => ({
  relation: name && `public.${name}`,
  kind: 'copy',
  fraction: null,
  tuples,
  bytes,
});

describe('jobs: how far a tool is', () => {
  it('counts tables one by one, and the rows within one', () => {
    const work = new WorkList(dataItems([relation('a', 300_000, 100), relation('b', 700_000, 1000)]), false);
    assert.equal(work.fraction(), 0);
    work.start('data public.a');
    work.observe([copying('a', 50)]);
    assert.equal(work.fraction(), 0.15);
    work.start('data public.b');
    assert.equal(work.fraction(), 0.3);
    work.observe([copying('b', 500)]);
    assert.equal(work.fraction(), 0.65);
    work.finishAll();
    assert.equal(work.fraction(), 1);
  });

  it('does not call a table done because the estimate was too low', () => {
    const work = new WorkList(dataItems([relation('a', 100_000, 10)]), false);
    work.start('data public.a');
    work.observe([copying('a', 1_000_000)]);
    assert.ok(work.fraction()! < 1);
  });

  it('goes by bytes where rows were never estimated, and by what is running where names are not known', () => {
    const work = new WorkList(dataItems([relation('a', 100_000, null)]), false);
    work.start('data public.a');
    work.observe([copying(null, 5, 50_000)]);
    assert.equal(work.fraction(), 0.5);
  });

  it('follows several at a time until the tool says that one is finished', () => {
    const work = new WorkList(dataItems([relation('a', 100_000, 10), relation('b', 100_000, 10)]), true);
    work.start('data public.a');
    work.start('data public.b');
    work.observe([copying('a', 5), copying('b', 5)]);
    assert.equal(work.fraction(), 0.5);
    work.finish(work.activeNamed('a')!);
    assert.equal(work.fraction(), 0.75);
  });

  it('takes tables of the same name in two databases one after the other', () => {
    const work = new WorkList(dataItems([relation('a', 100_000, 1), relation('a', 100_000, 1)]), false);
    work.start('data public.a');
    work.start('data public.a');
    assert.equal(work.fraction(), 0.5);
    work.finishAll();
    assert.equal(work.fraction(), 1);
  });

  it('knows no fraction without anything to weigh, and minds no unknown part', () => {
    const work = new WorkList([], false);
    work.start('data public.x');
    work.observe([copying('x', 1)]);
    assert.equal(work.fraction(), null);
  });

  it('weighs what comes after the rows by the tables it is for', () => {
    const entry = (kind: string, name: string, definition = ''): Entry =>
      ({
        kind,
        name,
        schema: 'public',
        definition,
        bytes: kind === 'TABLE DATA' ? 1_000_000 : null,
      }) as Entry;
    const items = restoreItems([
      entry('TABLE', 'big'),
      entry('TABLE DATA', 'big'),
      entry('INDEX', 'big_idx', 'CREATE INDEX big_idx ON public.big USING btree (id);'),
      entry('FK CONSTRAINT', 'big fk', 'ALTER TABLE ONLY public."big"\n    ADD CONSTRAINT fk FOREIGN KEY …'),
      entry('INDEX', 'other_idx', 'CREATE INDEX other_idx ON public.other USING btree (id);'),
    ]);
    assert.deepEqual(
      items.map(({ key, weight }) => [key, weight]),
      [
        ['data public.big', 1_000_000],
        ['INDEX public.big_idx', 300_000],
        ['FK CONSTRAINT public.big fk', 150_000],
        ['INDEX public.other_idx', 8192],
      ],
    );
  });

  describe("reads the tools' messages", () => {
    const cases: [Parameters<typeof readSign>[0], string, ReturnType<typeof readSign>][] = [
      [
        'pg_dump',
        'pg_dump: dumping contents of table "public.a b"',
        { start: 'data public.a b', what: 'public.a b' },
      ],
      ['pg_dump', 'pg_dump: finished item 3404 TABLE DATA orders', { finished: 'TABLE DATA orders' }],
      ['pg_dump', 'pg_dump: reading triggers', { what: 'reading the catalog: triggers' }],
      ['pg_dump', 'pg_dump: error: query failed: ERROR', undefined],
      ['pg_dumpall', 'pg_dumpall: dumping database "shop"', { what: 'shop' }],
      ['pg_dumpall', 'pg_dump: dumping contents of table "s.t"', { start: 'data s.t', what: 's.t' }],
      ['pg_restore', 'pg_restore: processing data for table "s.t"', { start: 'data s.t', what: 's.t' }],
      [
        'pg_restore',
        'pg_restore: creating FK CONSTRAINT "s.t t_fk"',
        { start: 'FK CONSTRAINT s.t t_fk', what: 'FK CONSTRAINT s.t t_fk' },
      ],
      ['pg_restore', 'pg_restore: finished item 12 INDEX t_idx', { finished: 'INDEX t_idx' }],
      ['psql', 'CREATE TABLE', undefined],
    ];
    for (const [dialect, line, sign] of cases)
      it(line, () => assert.deepEqual(readSign(dialect, line), sign));
  });
});
