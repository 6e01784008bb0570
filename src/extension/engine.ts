import * as vscode from 'vscode';

export type Engine = typeof import('./engineModule');

let loading: Promise<Engine> | undefined;
let loaded: Engine | undefined;

/** The engine, loaded at the first call. */
export function engine(): Promise<Engine> {
  loading ??= import('./engineModule').then((module) => {
    if (vscode.l10n.bundle) module.translate(vscode.l10n.bundle);
    loaded = module;
    return module;
  });
  return loading;
}

/** The engine where it is known to be loaded already: drawing rows cannot wait. */
export function loadedEngine(): Engine {
  if (!loaded) throw new Error('The engine is not loaded yet.');
  return loaded;
}
