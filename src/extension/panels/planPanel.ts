import * as vscode from 'vscode';
import type { PlanView } from '../../engine/planView';
import type { PlanHost, PlanPage, PlanTexts } from '../../shared/planPage';
import { openPage, pageOptions } from './page';

/**
 * Shows a plan before it runs.
 *
 * @returns true when the person pressed Run, false when the panel was closed
 */
export function showPlan(extensionUri: vscode.Uri, view: PlanView): Promise<boolean> {
  const panel = vscode.window.createWebviewPanel(
    'restorePoint.plan',
    vscode.l10n.t('Plan: {0}', view.title),
    vscode.ViewColumn.Active,
    pageOptions(extensionUri),
  );
  return new Promise((resolve) => {
    const page = openPage<PlanHost, PlanPage>(panel.webview, extensionUri, 'plan', {
      ready: () => ({ view, texts: texts() }),
      run: () => {
        resolve(true);
        panel.dispose();
      },
      copy: async (text) => {
        await vscode.env.clipboard.writeText(text);
      },
    });
    panel.onDidDispose(() => {
      page.dispose();
      resolve(false);
    });
  });
}

function texts(): PlanTexts {
  return {
    run: vscode.l10n.t('Run'),
    copyCommand: vscode.l10n.t('Copy Command'),
    copied: vscode.l10n.t('Copied'),
    steps: vscode.l10n.t('What will happen'),
    files: vscode.l10n.t('Files'),
    locks: vscode.l10n.t('Meanwhile'),
    room: vscode.l10n.t('Room and time'),
    destroys: vscode.l10n.t('What is lost'),
    wayBack: vscode.l10n.t('The way back'),
    nothingLost: vscode.l10n.t('Nothing.'),
    warnings: vscode.l10n.t('Before you start'),
    noWarnings: vscode.l10n.t('Nothing speaks against it.'),
    commandLine: vscode.l10n.t('The same from a terminal'),
  };
}
