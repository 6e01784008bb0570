import assert from 'node:assert/strict';
import { planDumpStep, type DumpInput } from '../../../src/engine/backup/dumpStep';
import { planDumpallStep } from '../../../src/engine/backup/dumpallStep';
import { fakeBuild } from './builds';
import { relation, sourceOf } from './sources';

function plan(more: Partial<DumpInput> = {}): ReturnType<typeof planDumpStep> {
  return planDumpStep({
    source: sourceOf([relation('public', 'orders')]),
    build: fakeBuild(17),
    format: 'custom',
    options: {},
    extra: [],
    target: '/b/shop.dump.partial',
    ...more,
  });
}

describe('the pg_dump step', () => {
  it('lets pg_dump write custom and directory files itself, so that offsets are recorded', () => {
    for (const format of ['custom', 'directory'] as const) {
      const { step } = plan({ format });
      assert.deepEqual(step.args, [
        `--format=${format}`,
        '--verbose',
        '--file=/b/shop.dump.partial',
        '--compress=zstd:3',
      ]);
      assert.equal(step.writes, '/b/shop.dump.partial');
      assert.equal(step.stdout, undefined);
    }
  });

  it('streams plain and tar through us, uncompressed', () => {
    for (const format of ['plain', 'tar'] as const) {
      const { step } = plan({ format });
      assert.deepEqual(step.args, [`--format=${format}`, '--verbose']);
      assert.equal(step.stdout, '/b/shop.dump.partial');
      assert.equal(step.writes, undefined);
    }
    assert.deepEqual(
      plan({ format: 'plain', options: { compress: 'gzip:9' } }).step.args.at(-1),
      '--compress=gzip:9',
    );
  });

  it('streams everything through a prefix, and refuses the directory format there', () => {
    const build = { ...fakeBuild(17), prefix: ['docker', 'exec', '-i', 'db'], folder: '' };
    const { step } = plan({ build });
    assert.equal(step.stdout, '/b/shop.dump.partial');
    assert.ok(!step.args.some((arg) => arg.startsWith('--file')));
    assert.throws(() => plan({ build, format: 'directory' }), {
      code: 'backup.directoryThroughPrefix',
      why: /docker exec -i db/,
    });
  });

  it('gives 15 its own words for compression', () => {
    assert.deepEqual(plan({ build: fakeBuild(15) }).step.args.at(-1), '--compress=1');
    assert.deepEqual(
      plan({ build: fakeBuild(15), options: { compress: 'gzip:4' } }).step.args.at(-1),
      '--compress=4',
    );
  });

  it('never lets a name become an option or a pattern', () => {
    const odd = ['-x', 'we"ird', 'a.b', 'new\nline', 'UP*'];
    const { step } = plan({ schemas: odd });
    assert.deepEqual(
      step.args.filter((arg) => arg.startsWith('--schema=')),
      ['--schema="-x"', '--schema="we""ird"', '--schema="a.b"', '--schema="new\nline"', '--schema="UP*"'],
    );
  });

  it('takes partitions with their table: by an option from 16 on, by name before', () => {
    const root = relation('public', 'events', { kind: 'p' });
    const child = relation('parts', 'events_1', { parents: [root.oid] });
    const source = sourceOf([root, child, relation('public', 'other')]);
    const tables = [{ schema: 'public', name: 'events' }];
    assert.ok(plan({ source, tables }).step.args.includes('--table-and-children="public"."events"'));
    const old = plan({ source, tables, build: fakeBuild(15) });
    assert.deepEqual(
      old.step.args.filter((arg) => arg.startsWith('--table')),
      ['--table="public"."events"', '--table="parts"."events_1"'],
    );
    for (const { selection } of [plan({ source, tables }), old])
      assert.deepEqual(
        selection.data.map(({ name }) => name),
        ['events_1'],
      );
  });

  it('weighs what it dumps, not what it leaves out', () => {
    const source = sourceOf([
      relation('public', 'big', { bytes: 1e9 }),
      relation('public', 'log', { bytes: 5e9 }),
      relation('ext', 'of_extension', { ofExtension: true }),
    ]);
    const { step } = plan({ source, options: { 'exclude-table-data': ['log'] } });
    assert.deepEqual(
      step.relations!.map(({ name }) => name),
      ['big'],
    );
    assert.ok(step.weight >= 1e9 && step.weight < 2e9);
    assert.deepEqual(plan({ source, options: { 'schema-only': true } }).step.relations, []);
    assert.deepEqual(plan({ source, options: { section: ['pre-data'] } }).step.relations, []);
    assert.deepEqual(plan({ source, options: { 'exclude-schema': ['pub*'] } }).step.relations, []);
  });

  const refused: [string, Partial<DumpInput>, string][] = [
    ['jobs outside the directory format', { options: { jobs: '4' } }, 'backup.option'],
    ['a compressed tar', { format: 'tar', options: { compress: 'gzip:1' } }, 'backup.option'],
    ['a managed option', { options: { file: '/etc/passwd' } }, 'option.managed'],
    [
      'an option the client does not know',
      { build: fakeBuild(15), options: { filter: 'x' } },
      'option.unknown',
    ],
  ];
  for (const [title, more, code] of refused)
    it(`refuses ${title}`, () => assert.throws(() => plan(more), { code }));

  it('takes jobs with the directory format', () => {
    assert.ok(plan({ format: 'directory', options: { jobs: 4 } }).step.args.includes('--jobs=4'));
  });
});

describe('free arguments', () => {
  const accepted = [
    ['--lock-wait-timeout=5s'],
    ['--lock-wait-timeout', '5s'],
    ['-T', 'log*'],
    ['-Tlog*'],
    ['-sO'],
    ['--no-comments', '--no-owner'],
  ];
  for (const extra of accepted)
    it(`takes ${extra.join(' ')}`, () =>
      assert.deepEqual(plan({ extra }).step.args.slice(-extra.length), extra));

  const refused = [
    ['--file=/tmp/x'],
    ['--fil=/tmp/x'],
    ['-f', '/tmp/x'],
    ['-f/tmp/x'],
    ['-sf', '/tmp/x'],
    ['-Fp'],
    ['--format=p'],
    ['--dbname=postgresql://u:secret@h/d'],
    ['-h', 'other'],
    ['-W'],
    ['otherdatabase'],
    ['--no-owner', 'otherdatabase'],
    ['--', 'otherdatabase'],
  ];
  for (const extra of refused)
    it(`refuses ${extra.join(' ')}`, () =>
      assert.throws(
        () => plan({ extra }),
        (error: { code?: string; message: string }) =>
          error.code === 'backup.extraArgument' && !error.message.includes('secret'),
      ));
});

describe('the pg_dumpall step', () => {
  const base = { build: fakeBuild(17), target: '/b/all.sql.partial' };

  const scopes: [Parameters<typeof planDumpallStep>[0]['scope'], string | undefined][] = [
    ['all', undefined],
    ['globals', '--globals-only'],
    ['roles', '--roles-only'],
    ['tablespaces', '--tablespaces-only'],
    ['schema', '--schema-only'],
    ['data', '--data-only'],
  ];
  for (const [scope, flag] of scopes)
    it(`scope ${scope}`, () => {
      const { step, warnings } = planDumpallStep({ ...base, source: sourceOf([]), scope });
      assert.deepEqual(step.args, ['--verbose', ...(flag ? [flag] : [])]);
      assert.equal(step.stdout, '/b/all.sql.partial');
      assert.deepEqual(warnings, []);
    });

  it('leaves role passwords out where they may not be read, and says so', () => {
    const source = sourceOf([], { readsPasswords: false });
    const { step, warnings } = planDumpallStep({ ...base, source, scope: 'globals' });
    assert.ok(step.args.includes('--no-role-passwords'));
    assert.equal(warnings[0]?.code, 'backup.rolePasswords');
    assert.match(warnings[0]!.text, /superuser.*app/);
    const data = planDumpallStep({ ...base, source, scope: 'data' });
    assert.deepEqual(data.warnings, []);
  });

  it('gives exclusions on', () => {
    const { step } = planDumpallStep({
      ...base,
      source: sourceOf([]),
      scope: 'all',
      options: { 'exclude-database': ['test_*', '"A b"'] },
    });
    assert.deepEqual(step.args.slice(1), ['--exclude-database=test_*', '--exclude-database="A b"']);
  });
});
