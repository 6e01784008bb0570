import { resolve } from 'node:path';
import * as l10n from '@vscode/l10n';
import {
  ageText,
  readArchiving,
  readWalArchive,
  reportArchiving,
  WalFolder,
  type ArchivingNotice,
  type ArchivingReport,
} from '../../engine/physical';
import { common, parse } from '../args';
import { exitCodes, type ExitCode, type Io } from '../io';
import { bytesText, printable, printResult, table } from '../output';
import { onServer, oneConnection } from './server';
import { archiveText } from './text';

/** `wal status`. */
export async function action(args: string[], io: Io): Promise<ExitCode> {
  const { values, positionals } = parse({
    args,
    allowPositionals: true,
    options: { ...common, connection: { type: 'string' }, wal: { type: 'string' } },
  });
  const connection = oneConnection(positionals, values.connection);
  const report = reportArchiving(await onServer(io, connection, readArchiving));
  const archive =
    values.wal === undefined
      ? null
      : await readWalArchive(new WalFolder(resolve(values.wal)), { signal: io.signal });
  printResult(
    io,
    { ...report, archive },
    [statusText(report), ...(archive ? ['', archiveText(archive)] : [])].join('\n'),
  );
  return report.notices.some(({ level }) => level === 'error') ? exitCodes.failed : exitCodes.done;
}

function statusText({ text, notices, state }: ArchivingReport): string {
  const { settings, archiver, waiting, wal, walPerDay, slots } = state;
  const facts: string[][] = [
    [
      l10n.t('archived'),
      [archiver.archived, archiver.lastArchived ?? '–', ageText(archiver.lastArchivedAge)].join(' · '),
    ],
    [
      l10n.t('failed'),
      [archiver.failed, archiver.lastFailed ?? '–', ageText(archiver.lastFailedAge)].join(' · '),
    ],
    [l10n.t('waiting'), waiting === null ? '–' : [waiting.files, ageText(waiting.oldestAge)].join(' · ')],
    ['pg_wal', wal === null ? '–' : [l10n.t('{0} files', wal.files), bytesText(wal.bytes)].join(' · ')],
    ...(walPerDay === null ? [] : [[l10n.t('WAL a day'), bytesText(walPerDay)]]),
  ];
  return [
    text,
    ...notices.map(noticeText),
    '',
    table(
      settings.map(({ name, value, pending, source }) => [
        `  ${name}`,
        printable(value ?? '–') || "''",
        pending === undefined ? '' : l10n.t('after a restart: {0}', printable(pending ?? '?')),
        source,
      ]),
    ),
    '',
    table(facts.map(([name, value]) => [`  ${name}`, value!])),
    ...(slots.length
      ? [
          '',
          table(
            slots.map(({ name, kind, active, restartLsn, held, walStatus }) => [
              `  ${printable(name)}`,
              kind,
              active ? l10n.t('in use') : l10n.t('unused'),
              restartLsn ?? '–',
              bytesText(held),
              walStatus ?? '–',
            ]),
            [4],
          ),
        ]
      : []),
  ].join('\n');
}

/** A notice in lines. */
export function noticeText({ level, text, next }: ArchivingNotice): string {
  const words = { error: l10n.t('ERROR'), warning: l10n.t('WARNING'), info: l10n.t('NOTE') };
  return [`${words[level]}: ${printable(text)}`, ...(next ? [`  → ${printable(next)}`] : [])].join('\n');
}
