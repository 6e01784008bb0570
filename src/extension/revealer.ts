import * as vscode from 'vscode';

/**
 * How a file can be shown among its neighbours: by the system's file manager where the window runs on the file's own
 * machine, else in the Explorer if the workspace holds it. Undefined where there is neither.
 */
export function revealer(uri: vscode.Uri): { label: string; reveal(): Thenable<unknown> } | undefined {
  const { env, commands, workspace, l10n } = vscode;
  if (env.uiKind === vscode.UIKind.Desktop && env.remoteName === undefined)
    return {
      label: l10n.t('Reveal in File Manager'),
      reveal: () => commands.executeCommand('revealFileInOS', uri),
    };
  if (!workspace.getWorkspaceFolder(uri)) return undefined;
  return {
    label: l10n.t('Reveal in Explorer'),
    reveal: () => commands.executeCommand('revealInExplorer', uri),
  };
}
