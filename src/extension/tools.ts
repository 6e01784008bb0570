import * as vscode from 'vscode';
import type { ClientBuild } from '../engine/tools/types';
import { engine } from './engine';
import { contextKeys } from './ids';
import { setting } from './settings';
import { requireTrust } from './trust';

let found: readonly ClientBuild[] = [];

/** What the last search of this window found, newest first, without looking again. */
export function knownBuilds(): readonly ClientBuild[] {
  return found;
}

/** The PostgreSQL client builds of this machine (or behind the prefix), newest first. */
export async function clientBuilds(signal?: AbortSignal): Promise<ClientBuild[]> {
  requireTrust();
  const { findBuilds } = await engine();
  const builds = await findBuilds({
    folders: setting('tools.folders'),
    prefix: setting('tools.prefix'),
    signal,
  });
  found = builds;
  void vscode.commands.executeCommand('setContext', contextKeys.toolsMissing, builds.length === 0);
  return builds;
}
