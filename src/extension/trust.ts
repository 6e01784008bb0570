import * as vscode from 'vscode';

/** Refuses in code what the manifest hides: an untrusted workspace runs nothing. */
export class Untrusted extends Error {
  constructor() {
    super(vscode.l10n.t('Restore Point does nothing in a workspace that is not trusted.'));
    this.name = 'Untrusted';
  }
}

export function requireTrust(): void {
  if (!vscode.workspace.isTrusted) throw new Untrusted();
}
