import * as vscode from 'vscode';
import { parseInside } from '../../documents/dumpUris';
import { dumpPath } from '../../editors/contentsDocument';
import { editorTypes } from '../../ids';
import type { Services } from '../../services';
import type { Target } from '../../target';
import { chooseBackup } from '../choose';

/** The dump a call names, else the one a person looks at or into, else asked for. */
export async function chooseDump(services: Services, target: Target, title: string): Promise<string> {
  if (target.artifact !== undefined) return dumpPath(vscode.Uri.file(target.artifact));
  const { activeTab } = vscode.window.tabGroups.activeTabGroup;
  const input: unknown = activeTab?.input;
  if (
    input instanceof vscode.TabInputCustom &&
    (Object.values(editorTypes) as string[]).includes(input.viewType)
  )
    return dumpPath(input.uri);
  const inside = input instanceof vscode.TabInputText ? parseInside(input.uri) : undefined;
  return inside?.dump ?? (await chooseBackup(services, target, title, ({ partial }) => !partial)).path;
}
