import * as vscode from 'vscode';
import type { ContentsHost } from '../../shared/contentsPage';
import type { Handlers } from '../../shared/rpc';
import { insideUri } from '../documents/dumpUris';
import type { ContentsDocument } from './contentsDocument';

type DocumentCalls = Pick<Handlers<ContentsHost>, 'openDefinition' | 'openRows' | 'openValue'>;

/** What the page opens beside itself: files inside of the dump. */
export function documentCalls({ path, dump }: ContentsDocument): DocumentCalls {
  const open = async (file: string | null, viewColumn = vscode.ViewColumn.Active): Promise<void> => {
    if (file === null) return;
    await vscode.commands.executeCommand('vscode.open', insideUri(path, file), { preview: true, viewColumn });
  };
  return {
    openDefinition: async (id, signal) => open(await dump.call('fileOf', { what: 'definition', id }, signal)),
    openRows: async (id, signal) => open(await dump.call('fileOfRows', id, signal)),
    openValue: async (cell, signal) =>
      open(await dump.call('fileOfValue', cell, signal), vscode.ViewColumn.Beside),
  };
}
