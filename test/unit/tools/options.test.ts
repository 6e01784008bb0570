import assert from 'node:assert/strict';
import type { RestorePointError } from '../../../src/engine/errors';
import { optionsFor, toArguments, type Answers, type Release } from '../../../src/engine/tools/options';
import type { ToolName } from '../../../src/engine/tools/types';

const fails =
  (code: string, text: RegExp) =>
  (error: RestorePointError): boolean => {
    assert.equal(error.code, code);
    assert.match(`${error.what} ${error.why} ${error.next}`, text);
    return true;
  };

describe('toArguments', () => {
  const cases: [string, ToolName, Release, Answers, string[]][] = [
    ['nothing', 'pg_dump', 17, {}, []],
    ['unanswered', 'pg_dump', 17, { 'no-owner': false, role: '', table: [] }, []],
    ['switches', 'pg_dump', 17, { 'schema-only': true, 'no-owner': true }, ['--schema-only', '--no-owner']],
    [
      'several patterns, also strange ones',
      'pg_dump',
      17,
      { table: ['a.*', '-b', '"c d"', '--file=x', 'é\n'] },
      ['--table=a.*', '--table=-b', '--table="c d"', '--table=--file=x', '--table=é\n'],
    ],
    ['numbers', 'pg_dump', 15, { compress: 1, jobs: '4' }, ['--compress=1', '--jobs=4']],
    ['a method from 16 on', 'pg_dump', 16, { compress: 'zstd:3' }, ['--compress=zstd:3']],
    [
      'details of a method',
      'pg_dump',
      18,
      { compress: 'zstd:level=3,long' },
      ['--compress=zstd:level=3,long'],
    ],
    ['large objects before 16', 'pg_dump', 15, { 'no-blobs': true }, ['--no-blobs']],
    ['large objects from 16 on', 'pg_dump', 16, { 'no-large-objects': true }, ['--no-large-objects']],
    [
      'a minor release that has it',
      'pg_dump',
      { major: 15, minor: 14 },
      { 'restrict-key': 'a' },
      ['--restrict-key=a'],
    ],
    [
      'psql variables',
      'psql',
      17,
      { set: ['a=1', 'b', 'c=x=y\nz'] },
      ['--set=a=1', '--set=b', '--set=c=x=y\nz'],
    ],
  ];
  for (const [what, tool, release, answers, expected] of cases)
    it(what, () => assert.deepEqual(toArguments(tool, release, answers), expected));

  const refused: [string, ToolName, Release, Answers, string, RegExp][] = [
    ['unknown', 'pg_dump', 17, { nonsense: true }, 'option.unknown', /no option --nonsense/],
    ['too new', 'pg_dump', 15, { filter: 'x' }, 'option.unknown', /PostgreSQL 17/],
    [
      'too new by a minor release',
      'pg_dump',
      { major: 15, minor: 13 },
      { 'restrict-key': 'a' },
      'option.unknown',
      /15\.13/,
    ],
    ['too old', 'pg_dump', 15, { 'large-objects': true }, 'option.unknown', /PostgreSQL 16/],
    [
      'a level where a method is asked',
      'pg_dump',
      15,
      { compress: 'zstd:3' },
      'option.value',
      /whole number/,
    ],
    ['an unknown method', 'pg_dump', 16, { compress: 'brotli' }, 'option.value', /brotli/],
    ['managed', 'pg_dump', 17, { file: 'x' }, 'option.managed', /--file/],
    ['the password', 'psql', 17, { password: true }, 'option.managed', /prompt/],
    ['a value for a switch', 'pg_dump', 17, { clean: 'yes' }, 'option.value', /no value/],
    ['no value', 'pg_dump', 17, { table: true }, 'option.value', /needs a value/],
    ['an empty value in a list', 'pg_dump', 17, { table: ['a', ''] }, 'option.value', /empty/],
    ['a zero byte', 'pg_dump', 17, { table: 'a\0b' }, 'option.value', /zero byte/],
    ['too many values', 'pg_dump', 17, { role: ['a', 'b'] }, 'option.value', /only once/],
    ['no choice', 'pg_dump', 17, { section: ['data', 'rest'] }, 'option.value', /rest is none of/],
    ['too small a number', 'pg_dump', 17, { jobs: 0 }, 'option.value', /less than 1/],
    ['too large a number', 'pg_dump', 15, { compress: 10 }, 'option.value', /more than 9/],
    ['no number', 'pg_restore', 17, { jobs: '4x' }, 'option.value', /whole number/],
    ['rivals', 'pg_restore', 17, { jobs: 2, 'single-transaction': true }, 'option.conflict', /together/],
    ['what needs company', 'pg_dump', 17, { 'if-exists': true }, 'option.conflict', /--clean/],
  ];
  for (const [what, tool, release, answers, code, text] of refused)
    it(`refuses ${what}`, () => assert.throws(() => toArguments(tool, release, answers), fails(code, text)));
});

describe('optionsFor', () => {
  it('places what 16 brought', () => {
    const flags = (major: number): Set<string> =>
      new Set(optionsFor('pg_dump', major).map((option) => option.flag));
    const added = [...flags(16)].filter((flag) => !flags(15).has(flag));
    assert.deepEqual(added.sort(), [
      'exclude-table-and-children',
      'exclude-table-data-and-children',
      'large-objects',
      'no-large-objects',
      'table-and-children',
    ]);
    assert.deepEqual([...flags(17)].filter((flag) => !flags(16).has(flag)).sort(), [
      'exclude-extension',
      'filter',
      'sync-method',
    ]);
  });
  it('gives a newer major what the newest known has', () =>
    assert.deepEqual(optionsFor('pg_dump', 21), optionsFor('pg_dump', 18)));
  it('has each option once in every major', () => {
    for (const tool of ['pg_dump', 'pg_dumpall', 'pg_restore', 'psql'] satisfies ToolName[])
      for (let major = 12; major < 20; major++) {
        const flags = optionsFor(tool, major).map((option) => option.flag);
        assert.equal(new Set(flags).size, flags.length, `${tool} ${major}`);
      }
  });
  it('names only options that exist where it names rivals and company', () => {
    for (const tool of ['pg_dump', 'pg_dumpall', 'pg_restore', 'psql'] satisfies ToolName[]) {
      const flags = new Set(optionsFor(tool, 18).map((option) => option.flag));
      for (const option of optionsFor(tool, 18))
        for (const other of [...(option.excludes ?? []), ...(option.needs ?? [])])
          assert.ok(flags.has(other), `${tool}: ${option.flag} names ${other}`);
    }
  });
});
