import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { ContentsHost, ExportFormat } from '../../shared/contentsPage';
import type { Handlers } from '../../shared/rpc';
import type { Services } from '../services';
import type { ContentsDocument } from './contentsDocument';
import { chooseFile, tellSaved } from './saving';
import { working } from './working';

type RowCalls = Pick<
  Handlers<ContentsHost>,
  'columns' | 'rows' | 'count' | 'search' | 'exportRows' | 'copyRows' | 'gridLayout' | 'keepGridLayout'
>;

const extensions: Record<ExportFormat, string> = {
  csv: 'csv',
  tsv: 'tsv',
  jsonl: 'jsonl',
  inserts: 'sql',
  'inserts-missing': 'sql',
  upserts: 'sql',
  updates: 'sql',
};

export function rowCalls({ dump }: ContentsDocument, { ask, gridLayouts }: Services): RowCalls {
  return {
    columns: (id, signal) => dump.call('columns', id, signal),
    rows: (page, signal) => dump.call('rows', page, signal),
    count: (id, signal) => dump.call('count', id, signal),
    search: (search, signal) => dump.call('search', search, signal),

    async exportRows({ id, format, query }, signal) {
      const file = await dump.call('fileOf', { what: 'rows', id }, signal);
      const path = await chooseFile(ask, {
        id: 'contents.export',
        title: vscode.l10n.t('Export Rows'),
        button: vscode.l10n.t('Export'),
        start: `${basename(file ?? '', '.csv')}.${extensions[format]}`,
      });
      if (path === undefined) return false;
      const title = vscode.l10n.t('Writing {0}', basename(path));
      await working({ title, task: `exportRows ${id}`, dump, signal }, (both) =>
        dump.call('exportRows', { id, format, query, path }, both),
      );
      tellSaved(path);
      return true;
    },

    async copyRows(what, signal) {
      const { text, rows, complete } = await dump.call('textOfRows', what, signal);
      await vscode.env.clipboard.writeText(text);
      return { rows, complete };
    },

    gridLayout: async (id, signal) => gridLayouts.of(await tableOf(id, signal)),
    keepGridLayout: async ({ id, layout }, signal) => gridLayouts.keep(await tableOf(id, signal), layout),
  };

  async function tableOf(id: number, signal: AbortSignal): Promise<string> {
    const [key = ''] = await dump.call('keysOf', [id], signal);
    return key;
  }
}
