import * as l10n from '@vscode/l10n';
import { isCancelled, toFacts } from '../engine/errors';
import { UsageError } from './args';
import { exitCodes, withJson, type ExitCode, type Io, type Verb } from './io';
import { note, printError } from './output';

/** Errors of the engine that say: it was asked for in a wrong way. */
const wrongUse =
  /^(usage|option\..*|backup\.(option|extraArgument)|copy\.option|connection\.(syntax|secret))$/;

/** Runs one verb with the words after it and says how it ended. Never throws. */
export async function runVerb(verb: Verb, args: string[], io: Io): Promise<ExitCode> {
  try {
    const own = ownWords(args);
    if (own.includes('--help') || own.includes('-h')) {
      io.stdout.write(verb.usage);
      return exitCodes.done;
    }
    return await verb.run(args, io);
  } catch (error) {
    return failed(error, io, verb.usage);
  }
}

/** Says what went wrong, with the help where it was asked for in a wrong way. */
export function failed(error: unknown, io: Io, help: string): ExitCode {
  if (isCancelled(error) || io.signal.aborted) {
    printError(io, { code: 'cancelled', what: l10n.t('Cancelled.'), why: '', next: '' });
    return exitCodes.cancelled;
  }
  const facts = toFacts(error);
  printError(io, facts);
  if (error instanceof UsageError) note(io, `\n${help}`);
  return wrongUse.test(facts.code) ? exitCodes.usage : exitCodes.failed;
}

/** What a verb may touch, knowing whether a document is wanted. */
export function ioFor(args: string[], base: Omit<Io, 'json'>): Io {
  return withJson(base, ownWords(args).includes('--json'));
}

/** Words behind `--` are no options. */
function ownWords(args: string[]): string[] {
  return args.includes('--') ? args.slice(0, args.indexOf('--')) : args;
}
