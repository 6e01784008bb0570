import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { optionsFor, toArguments, type ToolOption } from '../../../src/engine/tools/options';
import type { ToolName } from '../../../src/engine/tools/types';
import { majors, postgresBin } from '../../support/postgres';

/** Options of a `--help`, as `-s --long=` lines: letter, long name, whether it takes a value. */
function parseHelp(text: string): string[] {
  const found = new Set<string>();
  for (const line of text.split('\n')) {
    // The column of the options, before two blanks and the explanation; explanations are further right.
    const column = /^ {2,6}(-\S.*?)(?: {2,}.*)?$/.exec(line)?.[1];
    if (!column) continue;
    const short = /^-(\S)[ ,]/.exec(column)?.[1];
    for (const [index, match] of [...column.matchAll(/--([a-z][a-z-]*)(\[?=)?/g)].entries())
      found.add(describeOption(match[1]!, index === 0 ? short : undefined, match[2] === '='));
  }
  return [...found].sort();
}

const describeOption = (flag: string, short: string | undefined, value: boolean): string =>
  `--${flag}${value ? '=' : ''}${short ? ` -${short}` : ''}`;

describe('option tables against --help', function () {
  this.timeout(60_000);
  for (const major of majors)
    for (const tool of [
      'pg_dump',
      'pg_dumpall',
      'pg_restore',
      'psql',
      'pg_basebackup',
      'pg_receivewal',
      // Came with 17.
      ...(major >= 17 ? (['pg_combinebackup'] as const) : []),
    ] satisfies ToolName[])
      it(`${tool} ${major}: nothing is missing, nothing is too much`, () => {
        const help = execFileSync(join(postgresBin(major)!, tool), ['--help'], { encoding: 'utf8' });
        // `--help=commands` is help again, and help is listed without its value.
        const real = parseHelp(help).filter((option) => option !== '--help=');
        const table = optionsFor(tool, major).map((option) =>
          describeOption(option.flag, option.short, option.takes !== 'nothing'),
        );
        assert.ok(real.length > (/combine|receive/.test(tool) ? 12 : 30));
        assert.deepEqual([...table].sort(), real);
        assert.equal(new Set(table).size, table.length);
      });
});

describe('option tables against what the programs refuse', function () {
  this.timeout(60_000);
  const value = (option: ToolOption): string =>
    option.choices?.[0] ?? (option.takes === 'number' ? '2' : option.match ? '1' : 'x');
  /** The program's first words of complaint, null when it went on to connect (to a server that is not there). */
  const complaint = (tool: ToolName, major: number, args: string[]): string | null => {
    const { stderr } = spawnSync(
      join(postgresBin(major)!, tool),
      [
        ...args,
        '--dbname=host=/nonexistent dbname=x',
        ...(tool === 'pg_restore' ? ['/nonexistent/a.dump'] : []),
      ],
      { encoding: 'utf8', env: { LC_ALL: 'C' } },
    );
    return /connection to server|could not open input file|could not create directory/.test(stderr)
      ? null
      : stderr;
  };
  const given = (options: (ToolOption | undefined)[]): Record<string, string | true> =>
    Object.fromEntries(
      options.flatMap((option) =>
        option ? [[option.flag, option.takes === 'nothing' || value(option)]] : [],
      ),
    );

  for (const major of majors)
    for (const tool of ['pg_dump', 'pg_restore'] satisfies ToolName[])
      it(`${tool} ${major}`, () => {
        const all = optionsFor(tool, major).filter((option) => !option.managed);
        const named = (flag: string | undefined) => all.find((option) => option.flag === flag);
        // Each option in a format that has a use for it.
        const format = (flag: string): string[] =>
          tool === 'pg_restore' || flag === 'restrict-key'
            ? []
            : ['--format=directory', '--file=/nonexistent/x'];
        for (const option of all) {
          // Files are read while the arguments are.
          if (option.takes === 'path') continue;
          const company = [option, named(option.needs?.[0])];
          const args = toArguments(tool, major, given(company));
          assert.equal(complaint(tool, major, [...format(option.flag), ...args]), null, option.flag);
          if (option.needs) assert.ok(complaint(tool, major, [`--${option.flag}`]), `${option.flag} alone`);
          for (const rival of (option.excludes ?? []).flatMap((flag) => named(flag) ?? [])) {
            assert.throws(() => toArguments(tool, major, given([...company, rival])), /together/);
            const both = [...args, ...toArguments(tool, major, given([rival, named(rival.needs?.[0])]))];
            assert.ok(complaint(tool, major, both), `${option.flag} with ${rival.flag}`);
          }
        }
      });
});
