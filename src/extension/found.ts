import * as vscode from 'vscode';
import type { Connection } from '../engine/connections/types';
import type { Engine } from './engine';
import { engine } from './engine';
import type { Log } from './log';
import { setting } from './settings';

type FoundConnection = Awaited<ReturnType<Engine['discover']>>[number];

/** A connection that the workspace's files name, with a key that stays the same while the file does. */
export interface Found {
  key: string;
  connection: FoundConnection;
}

/** Looks through the folders of the workspace for connections not `known` already; nothing is stored. */
export async function findInWorkspace(log: Log, known: Connection[] = []): Promise<Found[]> {
  const { discover, formatConnection } = await engine();
  const present = new Set(known.map(({ settings }) => formatConnection(settings)));
  const found: Found[] = [];
  for (const folder of vscode.workspace.workspaceFolders ?? []) {
    if (folder.uri.scheme !== 'file' || !setting('connections.discover')) continue;
    try {
      for (const connection of await discover(folder.uri.fsPath)) {
        if (connection.password) log.hide(connection.password);
        if (present.has(formatConnection(connection.settings))) continue;
        found.push({ key: `${connection.file}#${connection.line}#${connection.label}`, connection });
      }
    } catch (error) {
      log.warn(String(error));
    }
  }
  return found;
}
