import * as l10n from '@vscode/l10n';
import { isCancelled } from '../../engine/errors';
import { availableCompression, pushWal, walCompressions } from '../../engine/physical/segments';
import { common, oneOf, parse, UsageError } from '../args';
import { exitCodes, type ExitCode, type Io } from '../io';
import { note, printResult } from '../output';

/** `wal push`: silent when all is well, as what it says goes to the server's log. */
export async function action(args: string[], io: Io): Promise<ExitCode> {
  const { values, positionals } = parse({
    args,
    allowPositionals: true,
    options: {
      ...common,
      to: { type: 'string' },
      compress: { type: 'string', default: 'zstd' },
    },
  });
  const [path, ...more] = positionals;
  if (path === undefined || more.length || values.to === undefined)
    throw new UsageError(l10n.t('wal push takes one file, and --to FOLDER.'));
  const wanted = oneOf('compress', values.compress, walCompressions);
  const compression = availableCompression(wanted);
  if (compression !== wanted)
    note(io, l10n.t('This Node ({0}) has no {1}: {2} is used.', process.version, wanted, compression));
  try {
    const pushed = await pushWal(path, { to: values.to, compression, signal: io.signal });
    printResult(io, pushed, '');
    return exitCodes.done;
  } catch (error) {
    if (!isCancelled(error)) throw error;
    // The server tries again after 1; more than 128 would end its archiver.
    note(io, l10n.t('Cancelled.'));
    return exitCodes.failed;
  }
}
