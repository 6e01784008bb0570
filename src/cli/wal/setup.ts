import { resolve } from 'node:path';
import * as l10n from '@vscode/l10n';
import {
  applyArchiving,
  availableCompression,
  dataDirectory,
  planArchiving,
  pushCommand,
  readArchiving,
  walCompressions,
  type ArchivingSetup,
} from '../../engine/physical';
import { common, oneOf, parse, UsageError } from '../args';
import { exitCodes, type ExitCode, type Io } from '../io';
import { note, printable, printResult, table } from '../output';
import { ownCommand } from './own';
import { onServer, oneConnection } from './server';
import { noticeText } from './status';

/** `wal setup`. */
export async function action(args: string[], io: Io): Promise<ExitCode> {
  const { values, positionals } = parse({
    args,
    allowPositionals: true,
    options: {
      ...common,
      connection: { type: 'string' },
      to: { type: 'string' },
      apply: { type: 'boolean' },
      'dry-run': { type: 'boolean' },
      compress: { type: 'string', default: 'zstd' },
      'archive-timeout': { type: 'string' },
      node: { type: 'string' },
      cli: { type: 'string' },
      command: { type: 'string' },
    },
  });
  const { to, apply = false, command } = values;
  if (to === undefined && command === undefined) throw new UsageError(l10n.t('wal setup takes --to FOLDER.'));
  if (apply && values['dry-run'])
    throw new UsageError(l10n.t('--apply changes the server, --dry-run does not: take one of them.'));
  const own = ownCommand();
  const compression = availableCompression(oneOf('compress', values.compress, walCompressions));
  const wanted =
    command ??
    pushCommand({ node: values.node ?? own.node, cli: values.cli ?? own.cli }, resolve(to!), compression);
  const setup = await onServer(io, oneConnection(positionals, values.connection), async (client) => {
    const found = planArchiving(await readArchiving(client), {
      command: wanted,
      ...(values['archive-timeout'] === undefined ? {} : { timeout: values['archive-timeout'] }),
      directory: await dataDirectory(client),
    });
    if (apply) await applyArchiving(client, found);
    return found;
  });
  printResult(io, { ...setup, applied: apply && setup.statements.length > 0 }, setupText(setup, apply));
  if (!apply && setup.statements.length)
    note(io, l10n.t('Nothing was changed; --apply runs these statements.'));
  return setup.changes.some(({ outOfReach }) => outOfReach !== undefined) && apply
    ? exitCodes.failed
    : exitCodes.done;
}

function setupText(
  { changes, statements, restart, restartCommand, notices }: ArchivingSetup,
  applied: boolean,
): string {
  if (!changes.length && !restart) return l10n.t('Nothing has to change.');
  return [
    table(
      changes.map(({ name, now, then, needs }) => [
        `  ${name}`,
        `${printable(now ?? '') || "''"} → ${printable(then) || "''"}`,
        needs === 'restart' ? l10n.t('restart') : l10n.t('reload'),
      ]),
    ),
    ...changes.flatMap(({ name, outOfReach }) =>
      outOfReach === undefined ? [] : [`${name}: ${printable(outOfReach)}`],
    ),
    ...notices.map(noticeText),
    ...(applied ? [] : statements.map((statement) => `${statement};`)),
    ...(restart
      ? [
          applied
            ? l10n.t(
                'Done. Restart the server for it to take effect: {0}',
                restartCommand ?? 'pg_ctl restart',
              )
            : l10n.t('The server has to be restarted then: {0}', restartCommand ?? 'pg_ctl restart'),
        ]
      : applied
        ? [l10n.t('Done, and in force. Test it: restore-point wal test')]
        : []),
  ].join('\n');
}
