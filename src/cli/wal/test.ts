import { resolve } from 'node:path';
import * as l10n from '@vscode/l10n';
import { testArchiving } from '../../engine/physical';
import { common, parse, wholeNumber } from '../args';
import { exitCodes, type ExitCode, type Io } from '../io';
import { durationText, note, printable, printResult } from '../output';
import { onServer, oneConnection } from './server';

/** `wal test`. */
export async function action(args: string[], io: Io): Promise<ExitCode> {
  const { values, positionals } = parse({
    args,
    allowPositionals: true,
    options: {
      ...common,
      connection: { type: 'string' },
      wal: { type: 'string' },
      timeout: { type: 'string', default: '60' },
    },
  });
  const folder = values.wal === undefined ? undefined : resolve(values.wal);
  const tested = await onServer(io, oneConnection(positionals, values.connection), (client) =>
    testArchiving(client, {
      ...(folder === undefined ? {} : { folder }),
      seconds: wholeNumber('timeout', values.timeout, 1),
      signal: io.signal,
      onProgress: (text) => note(io, printable(text)),
    }),
  );
  const { segment, archivedMs } = tested;
  printResult(
    io,
    tested,
    folder === undefined
      ? l10n.t(
          'The server archived {0} in {1}. Name the folder with --wal to have it read.',
          segment,
          durationText(archivedMs),
        )
      : l10n.t(
          '{0} was archived in {1}, and is in {2}, whole.',
          segment,
          durationText(archivedMs),
          printable(folder),
        ),
  );
  return exitCodes.done;
}
