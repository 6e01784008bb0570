import * as l10n from '@vscode/l10n';
import { version } from '../../package.json';
import { isCancelled, toFacts } from '../engine/errors';
import { UsageError } from './args';
import { exitCodes, type ExitCode, type Io, type Verb } from './io';
import { note, printError } from './output';
import { verbs } from './verbs';

/** Errors of the engine that say: it was asked for in a wrong way. */
const wrongUse =
  /^(usage|option\..*|backup\.(option|extraArgument)|copy\.option|connection\.(syntax|secret))$/;

/** Runs one command line (the words after `restore-point`) and says how it ended. Never throws. */
export async function run(argv: string[], base: Omit<Io, 'json'>): Promise<ExitCode> {
  const [name, ...args] = argv;
  const own = args.includes('--') ? args.slice(0, args.indexOf('--')) : args;
  const io: Io = { ...base, json: argv[0] === '--json' || own.includes('--json') };
  if (name === '--version' || name === '-V') {
    io.stdout.write(`restore-point ${version}\n`);
    return exitCodes.done;
  }
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    const verb = await verbNamed(args[0]);
    // Asked for, help is the result; unasked for, it is a complaint.
    (name === undefined ? io.stderr : io.stdout).write(verb ? verb.usage : overview());
    return name === undefined ? exitCodes.usage : exitCodes.done;
  }
  const verb = await verbNamed(name);
  try {
    if (!verb)
      throw new UsageError(l10n.t('There is no verb "{0}".', name), l10n.t('See restore-point --help.'));
    if (own.includes('--help') || own.includes('-h')) {
      io.stdout.write(verb.usage);
      return exitCodes.done;
    }
    return await verb.run(args, io);
  } catch (error) {
    if (isCancelled(error) || io.signal.aborted) {
      printError(io, { code: 'cancelled', what: l10n.t('Cancelled.'), why: '', next: '' });
      return exitCodes.cancelled;
    }
    const facts = toFacts(error);
    printError(io, facts);
    if (error instanceof UsageError) note(io, `\n${verb ? verb.usage : overview()}`);
    return wrongUse.test(facts.code) ? exitCodes.usage : exitCodes.failed;
  }
}

async function verbNamed(name: string | undefined): Promise<Verb | null> {
  const line = verbs.find((verb) => verb.name === name);
  return line ? (await line.load()).verb : null;
}

function overview(): string {
  const shown = verbs.filter(({ hidden }) => !hidden);
  const width = Math.max(...shown.map((verb) => verb.name.length));
  return `restore-point: PostgreSQL backups you can open, trust and undo

Usage: restore-point VERB … [--json]

${shown.map((verb) => `  ${verb.name.padEnd(width)}  ${verb.summary}`).join('\n')}

  restore-point VERB --help   says more of one verb
  restore-point --version     says which version this is

With --json, standard output is exactly one JSON document; notes and progress go to standard error.
Exit codes: 0 done, 1 failed, 2 wrong use, 3 differences found, 130 cancelled.
`;
}
