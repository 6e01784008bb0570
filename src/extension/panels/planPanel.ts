import * as vscode from 'vscode';
import type { PlanView } from '../../engine/planView';
import { engine } from '../engine';
import type { LivePlanTexts, PlanHost, PlanPage, PlanTexts } from '../../shared/planPage';
import type { Handlers } from '../../shared/rpc';
import { openPage, pageOptions } from './page';

/**
 * Shows a plan before it runs.
 *
 * @returns true when the person pressed Run, false when the panel was closed
 */
export async function openPlan(extensionUri: vscode.Uri, view: PlanView): Promise<boolean> {
  const { toFacts } = await engine();
  const panel = vscode.window.createWebviewPanel(
    'restorePoint.plan',
    vscode.l10n.t('Plan: {0}', view.title),
    vscode.ViewColumn.Active,
    pageOptions(extensionUri),
  );
  return await new Promise((resolve) => {
    const handlers: Handlers<PlanHost> = {
      ready: () => ({ view, texts: planTexts() }),
      run: () => {
        resolve(true);
        panel.dispose();
      },
      copy: async (text) => {
        await vscode.env.clipboard.writeText(text);
      },
    };
    const page = openPage<PlanHost, PlanPage>(panel.webview, extensionUri, 'plan', handlers, toFacts);
    panel.onDidDispose(() => {
      page.dispose();
      resolve(false);
    });
  });
}

/** Every text of a plan, in the editor's language. */
export function planTexts(): PlanTexts {
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

/** Of a plan that changes with every answer. */
export function livePlanTexts(planning: string): LivePlanTexts {
  return {
    ...planTexts(),
    planning,
    fine: vscode.l10n.t('Looked at'),
    ifItFails: vscode.l10n.t('If it fails'),
    why: vscode.l10n.t('Why this program?'),
  };
}
