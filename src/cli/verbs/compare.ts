import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import * as l10n from '@vscode/l10n';
import {
  comparisonsFolder,
  openComparison,
  scriptText,
  planCompare,
  type AskedSide,
  type Comparison,
} from '../../engine/compare';
import type { Secrets } from '../../engine/connections/types';
import { home } from '../../engine/home';
import type { Plan } from '../../engine/plan';
import { oneOf, parse, UsageError } from '../args';
import { showDryRun } from '../before';
import { buildsFor } from '../builds';
import { compareOptions, optionsOf, type Given } from '../compare/options';
import { describeComparison } from '../compare/text';
import { exitCodes, withJson, type ExitCode, type Io, type Verb } from '../io';
import { runHere } from '../job';
import { note, printable, printResult } from '../output';
import { openSession, type Session } from '../session';

const usage = `restore-point compare: what differs between two backups, a backup and a database, or two databases

Usage: restore-point compare LEFT RIGHT [--data] [--format text|json|sql] …

LEFT is what was, RIGHT is what is. Each is a dump, or a connection: URI, key=value, service, or a stored
connection; no password in it. Nothing of either is changed.

  --left-database NAME, --right-database NAME   the database of a connection, or the one of a whole-server script
  --data              rows, values of sequences and large objects too
  --format text       what differs, one line each (default)
  --format json       the same as --json
  --format sql        the script that makes LEFT's objects those of RIGHT; --direction to-left the other way round
  --schema NAME       only these schemas; --table only these tables, --kind only these kinds (VIEW, FUNCTION …);
                      * and ? stand for any characters; can be repeated
  --ignore WHAT       owners, privileges, comments, tablespaces, column-order, whitespace, statistics; can be repeated
  --key TABLE=COLUMN,…   what tells the rows of a table, where it has neither a primary key nor a unique one
  --numeric value     1.0 is 1.00; --json-values value: {"a": 1} is {"a":1}
  --most NUMBER       keep so many differences of a table; more are counted (default 1000000)
  --rate MB           read so many megabytes per second of a database at most
  --statement-timeout SECONDS   give up on a table that takes longer
  --output FILE       the comparison's file, which the editor opens (.rpcompare)
  --dry-run           show the plan, read nothing
  --tools FOLDER      client programs to use
  --json              {"equal", "objects": [{kind, schema, name, change, aspects}],
                      "tables": [{schema, name, state, added, removed, changed, same, key, notes}],
                      "sequences", "largeObjects", "faults", "normalised", "comparison": the file, "durationMs"}

Exit codes: 0 nothing differs, 3 something does, or could not be compared.
`;

export const verb: Verb = {
  usage,
  async run(args, io) {
    const { values, positionals } = parse({ args, allowPositionals: true, options: compareOptions });
    const given = values as Given;
    const [left, right, ...more] = positionals;
    if (left === undefined || right === undefined || more.length)
      throw new UsageError(l10n.t('compare takes two: a dump or a connection each.'));
    const format = oneOf('format', (given.format as string | undefined) ?? (io.json ? 'json' : 'text'), [
      'text',
      'json',
      'sql',
    ]);
    const direction = oneOf('direction', (given.direction as string | undefined) ?? 'to-right', [
      'to-left',
      'to-right',
    ]);
    const options = optionsOf(given);
    const sessions: Session[] = [];
    try {
      const open = async (text: string, database: string | undefined): Promise<AskedSide> => {
        const path = resolve(text);
        if (await isThere(path))
          return { kind: 'artifact', path, ...(database === undefined ? {} : { database }) };
        const session = await openSession(io, text);
        sessions.push(session);
        const { access } = session;
        return { kind: 'database', access, database: database ?? access.connection.settings.database };
      };
      const plan = await planCompare(
        {
          left: await open(left, given['left-database'] as string | undefined),
          right: await open(right, given['right-database'] as string | undefined),
          options,
          ...(given.output === undefined ? {} : { path: resolve(given.output as string) }),
        },
        {
          builds: sessions.length > 0 ? await buildsFor(io, given as { tools?: string[] }) : [],
          now: new Date(),
          folder: comparisonsFolder(home(io.env)),
          signal: io.signal,
        },
      );
      if (given['dry-run']) {
        showDryRun(io, plan);
        return exitCodes.done;
      }
      for (const { text } of plan.warnings) note(io, printable(text));
      const secrets = Object.assign({}, ...sessions.map((session) => session.secrets)) as Secrets;
      return await runAndReport(io, plan, secrets, { format, direction, verbose: given.verbose === true });
    } finally {
      for (const { access } of sessions) await access.close();
    }
  },
};

async function isThere(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}

async function runAndReport(
  io: Io,
  plan: Plan,
  secrets: Secrets,
  { format, direction, verbose }: { format: string; direction: string; verbose: boolean },
): Promise<ExitCode> {
  const { comparison } = (await runHere(io, plan, secrets, { verbose })) as { comparison: string };
  await using file = await openComparison(comparison);
  const { summary } = file;
  if (format === 'sql') io.stdout.write(sqlOf(summary, direction));
  else
    printResult(
      withJson(io, format === 'json'),
      documentOf(summary, comparison),
      describeComparison(summary),
    );
  if (format === 'text') note(io, printable(comparison));
  return summary.equal ? exitCodes.done : exitCodes.different;
}

function sqlOf({ scripts, left, right, objects }: Comparison, direction: string): string {
  const [script, from, to] =
    direction === 'to-left' ? [scripts.toLeft, right, left] : [scripts.toRight, left, right];
  return scriptText(script, {
    title: l10n.t('Makes the objects of {0} those of {1}.', from.title, to.title),
    names: new Map(
      objects.differences.map(({ key, kind, schema, name }) => [
        key,
        [kind, schema, name].filter(Boolean).join(' '),
      ]),
    ),
  });
}

/** Without the texts of objects: the file has them. */
function documentOf(summary: Comparison, comparison: string): object {
  const { equal, objects, tables, sequences, largeObjects, faults, left, right, made } = summary;
  return {
    equal,
    ...{ left, right },
    objects: objects.differences.map(({ kind, schema, name, table, change, aspects }) => ({
      ...{ kind, schema, name, table, change, aspects },
    })),
    tables: tables.map(({ columns: _, ...table }) => table),
    ...{ sequences, largeObjects, faults },
    normalised: objects.normalised,
    comparison,
    durationMs: made.durationMs,
  };
}
