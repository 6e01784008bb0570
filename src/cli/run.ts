import * as l10n from '@vscode/l10n';
import { version } from '../../package.json';
import { UsageError } from './args';
import { exitCodes, type ExitCode, type Io, type Verb } from './io';
import { failed, ioFor, runVerb } from './runVerb';
import { verbs } from './verbs';

/** Runs one command line (the words after `restore-point`) and says how it ended. Never throws. */
export async function run(argv: string[], base: Omit<Io, 'json'>): Promise<ExitCode> {
  const [name, ...args] = argv;
  if (name === '--version' || name === '-V') {
    base.stdout.write(`restore-point ${version}\n`);
    return exitCodes.done;
  }
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    const verb = await verbNamed(args[0]);
    // Asked for, help is the result; unasked for, it is a complaint.
    (name === undefined ? base.stderr : base.stdout).write(verb ? verb.usage : overview());
    return name === undefined ? exitCodes.usage : exitCodes.done;
  }
  const io = ioFor(argv, base);
  const verb = await verbNamed(name);
  if (verb) return await runVerb(verb, args, io);
  const next = l10n.t('See restore-point --help.');
  return failed(new UsageError(l10n.t('There is no verb "{0}".', name), next), io, overview());
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
