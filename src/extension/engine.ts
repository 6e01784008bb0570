import * as vscode from 'vscode';

export type Engine = typeof import('./engineModule');

let loading: Promise<Engine> | undefined;

/** The engine, loaded at the first call. */
export function engine(): Promise<Engine> {
  loading ??= import('./engineModule').then((module) => {
    if (vscode.l10n.bundle) module.translate(vscode.l10n.bundle);
    return module;
  });
  return loading;
}
