import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { CopiedRows, ExportFormat } from '../../shared/contentsPage';
import { isQuiet } from '../cancel';
import { engine } from '../engine';
import { oneLine } from '../format';
import type { Services } from '../services';
import type { ContentsDocument } from './contentsDocument';

type Format = Exclude<ExportFormat, 'csv' | 'tsv' | 'jsonl' | 'inserts'>;

function dismissed(error: unknown): undefined {
  if (!isQuiet(error)) throw error;
  return undefined;
}

/** Opens SQL that brings rows of a backup back into the table they are of: to be read, then run. */
export async function restoreRows(
  { dump, path }: ContentsDocument,
  { ask, reviewedSql }: Services,
  { id, rows }: Pick<CopiedRows, 'id' | 'rows'>,
  signal: AbortSignal,
): Promise<void> {
  const file = basename((await dump.call('fileOf', { what: 'rows', id }, signal)) ?? '', '.csv');
  const format = await ask
    .pick<Format>({
      id: 'rows.restore',
      title: vscode.l10n.t('Restore Rows'),
      placeholder: vscode.l10n.t('What becomes of rows that are there, told by the primary key'),
      options: [
        {
          label: vscode.l10n.t('Insert those that are missing'),
          detail: 'INSERT … ON CONFLICT DO NOTHING',
          value: 'inserts-missing',
        },
        {
          label: vscode.l10n.t('Insert those that are missing, write over the others'),
          detail: 'INSERT … ON CONFLICT … DO UPDATE',
          value: 'upserts',
        },
        { label: vscode.l10n.t('Change only those that are there'), detail: 'UPDATE …', value: 'updates' },
      ],
    })
    .catch(dismissed);
  if (!format) return;
  const columns = (await dump.call('columns', id, signal)).map((_, index) => index);
  const made = await dump.call('textOfRows', { id, rows, columns, format, headers: true }, signal);
  if (!made.complete) {
    const { RestorePointError } = await engine();
    throw new RestorePointError({
      code: 'rows.tooMany',
      what: vscode.l10n.t('These are too many rows to be read in an editor.'),
      why: vscode.l10n.t('Their SQL is larger than 16 MB.'),
      next: vscode.l10n.t('Choose fewer rows, or restore the table beside the one there is.'),
    });
  }
  const head = [
    vscode.l10n.t('{0} rows of {1}', made.rows, oneLine(file)),
    vscode.l10n.t('From {0}', oneLine(path)),
    vscode.l10n.t('Read it, then run it by the line above. It runs in one transaction.'),
  ];
  await reviewedSql.open(file, `${head.map((line) => `-- ${line}`).join('\n')}\n\n${made.text}\n`);
}
