import * as l10n from '@vscode/l10n';
import { isCancelled, toFacts } from '../../engine/errors';
import { fetchWal } from '../../engine/physical/segments';
import { common, oneOf, parse, UsageError } from '../args';
import { exitCodes, type ExitCode, type Io } from '../io';
import { note, printError, printResult } from '../output';

/**
 * `wal fetch`. A server takes 1 to 125 for "the archive ends here", and is opened for writing with what it has: only a file
 * that is not there may say so. Everything else ends the recovery, wrong use too.
 */
export async function action(args: string[], io: Io): Promise<ExitCode> {
  let damage: ExitCode = exitCodes.endRecovery;
  try {
    const { values, positionals } = parse({
      args,
      allowPositionals: true,
      options: {
        ...common,
        from: { type: 'string' },
        check: { type: 'string', default: 'records' },
        'on-damage': { type: 'string', default: 'abort' },
      },
    });
    const [name, to, ...more] = positionals;
    if (name === undefined || to === undefined || more.length || values.from === undefined)
      throw new UsageError(l10n.t('wal fetch takes a name, a path to write to, and --from FOLDER.'));
    const pages = oneOf('check', values.check, ['records', 'header']) === 'records';
    if (oneOf('on-damage', values['on-damage'], ['abort', 'end']) === 'end') damage = exitCodes.failed;
    const fetched = await fetchWal(name, to, { from: values.from, pages, signal: io.signal });
    if (!fetched) {
      printResult(io, { missing: name }, '');
      return exitCodes.failed;
    }
    printResult(io, fetched, '');
    return exitCodes.done;
  } catch (error) {
    if (isCancelled(error) || io.signal.aborted) {
      note(io, l10n.t('Cancelled.'));
      return exitCodes.terminated;
    }
    const facts = toFacts(error);
    printError(io, facts);
    return facts.code === 'wal.damaged' ? damage : exitCodes.endRecovery;
  }
}
