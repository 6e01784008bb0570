import * as vscode from 'vscode';
import type { Role } from '../../engine/connections/types';
import { Disposables } from '../dispose';

const scheme = 'restore-point-row';

/** Names a row for its colour. The row's id is only there to make it a resource of its own. */
export function rowUri(id: string, role: Role): vscode.Uri {
  return vscode.Uri.from({ scheme, path: `/${id}`, query: role });
}

/** Colours production rows; the word stands in the row's description, so colour is never the only sign. */
export class RoleColours extends Disposables implements vscode.FileDecorationProvider {
  constructor() {
    super();
    this.own(vscode.window.registerFileDecorationProvider(this));
  }

  provideFileDecoration(uri: vscode.Uri): vscode.FileDecoration | undefined {
    if (uri.scheme !== scheme || uri.query !== 'production') return undefined;
    return {
      color: new vscode.ThemeColor('errorForeground'),
      tooltip: vscode.l10n.t('Production'),
      propagate: false,
    };
  }
}
