import * as vscode from 'vscode';
import type { Connection } from '../../engine/connections/types';
import type { Plan } from '../../engine/plan';
import { viewIds } from '../ids';
import type { Services } from '../services';
import { confirmDestructive } from './confirm';

/** What the caller of a command that starts a job gets. */
export interface Started {
  job: string;
}

/** Makes a plan while the Jobs view shows that something is going on. */
export async function planning<T>(work: () => Promise<T>): Promise<T> {
  return await vscode.window.withProgress({ location: { viewId: viewIds.jobs } }, work);
}

/** Asks about what the plan destroys, tells its warnings and starts it. */
export async function startPlan(
  services: Services,
  plan: Plan,
  { connection, database }: { connection: Connection; database: string },
): Promise<Started> {
  if (plan.destroys.length)
    await confirmDestructive(services, {
      connection,
      database,
      message: plan.title,
      detail: [...plan.destroys, ...(plan.wayBack ? [plan.wayBack] : [])],
      yes: plan.kind === 'backup' ? vscode.l10n.t('Back Up') : vscode.l10n.t('Restore'),
    });
  const job = await services.jobs.start(plan);
  tellWarnings(services, plan);
  return { job };
}

/** In the log, all of them; a folder that git would publish is worth a message. */
function tellWarnings({ log }: Services, { warnings }: Plan): void {
  for (const { code, text } of warnings) {
    log.warn(`${code}: ${text}`);
    if (code !== 'folder.git') continue;
    const choose = vscode.l10n.t('Choose Folder');
    void vscode.window.showWarningMessage(text, choose).then((pressed) => {
      if (pressed === choose)
        void vscode.commands.executeCommand('restorePoint.openSettings', 'backups.folder');
    });
  }
}
