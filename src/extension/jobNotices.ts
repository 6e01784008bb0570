import * as vscode from 'vscode';
import type { JobSummary } from '../engine/jobs';
import { engine } from './engine';
import { count, duration } from './format';
import { viewIds, type CommandId } from './ids';
import type { Log } from './log';
import { showError } from './showError';

/** Tells that a job did not succeed, why, and what to do next; what succeeded is seen in the views. */
export async function tellFailure(job: JobSummary, log: Log): Promise<void> {
  const { id, plan, state, error, reason } = job;
  if (state !== 'failed' && state !== 'interrupted') return;
  const about = { job: id };
  const run = (command: CommandId) => () => void vscode.commands.executeCommand(command, about);
  const facts = error ?? {
    code: `job.${state}`,
    what: state === 'failed' ? vscode.l10n.t('It failed.') : vscode.l10n.t('It was interrupted.'),
    why: reason ?? '',
    next: '',
  };
  const { RestorePointError } = await engine();
  const others = (facts.remedies ?? []).filter(({ do: kind }) => kind !== 'retry');
  await showError(
    new RestorePointError({
      ...facts,
      what: `${plan.title}: ${facts.what}`,
      remedies: [...others, { do: 'retry' }],
    }),
    log,
    { about, again: run('restorePoint.retryJob'), showLog: run('restorePoint.showJobLog') },
  );
}

/** After a restore over a database that was there: done, and the way back in one click. */
export async function tellUndo({ plan, state, result }: JobSummary): Promise<void> {
  const undo = result?.undo;
  if (state !== 'succeeded' || plan.kind !== 'restore' || typeof undo !== 'string') return;
  const press = vscode.l10n.t('Undo Restore');
  const pressed = await vscode.window.showInformationMessage(
    vscode.l10n.t('{0}: done. What was there before is kept.', plan.title),
    press,
  );
  if (pressed === press)
    await vscode.commands.executeCommand('restorePoint.undoRestore', {
      connection: Object.values(plan.connections)[0]?.id,
      point: undo,
    });
}

/** After a good rehearsal: the same backup can take the place of a database, or (files of a whole server) be restored. */
export async function tellRehearsal({ plan, state, durationMs }: JobSummary): Promise<void> {
  if (state !== 'succeeded' || plan.kind !== 'rehearsal') return;
  const isBase = plan.steps.some((step) => step.do === 'recoverCopy');
  const press = isBase ? vscode.l10n.t('Restore…') : vscode.l10n.t('Replace a Database…');
  const pressed = await vscode.window.showInformationMessage(
    vscode.l10n.t('{0}: nothing was found wrong in {1}.', plan.title, duration(durationMs ?? 0)),
    press,
  );
  if (pressed !== press) return;
  if (isBase)
    await vscode.commands.executeCommand('restorePoint.restoreBaseBackup', { artifact: plan.restores });
  else
    await vscode.commands.executeCommand('restorePoint.restorePage', {
      ...{ artifact: plan.restores, connection: Object.values(plan.connections)[0]?.id },
      request: { strategy: 'replace', rehearse: true },
    });
}

/** After a comparison whose page was closed: what differs in a line, and the page in one click. */
export async function tellComparison({ plan, state, result }: JobSummary): Promise<void> {
  if (state !== 'succeeded' || plan.kind !== 'compare' || typeof result?.comparison !== 'string') return;
  const { comparison } = result;
  if (isOpen(comparison)) return;
  const rows = result.rows as { added: number; removed: number; changed: number };
  const press = vscode.l10n.t('Open');
  const pressed = await vscode.window.showInformationMessage(
    result.equal
      ? vscode.l10n.t('{0}: nothing differs.', plan.title)
      : vscode.l10n.t(
          '{0}: {1} objects and {2} rows differ.',
          plan.title,
          count(Number(result.objects)),
          count(rows.added + rows.removed + rows.changed),
        ),
    press,
  );
  if (pressed === press) await vscode.commands.executeCommand('restorePoint.openComparison', { comparison });
}

function isOpen(path: string): boolean {
  return vscode.window.tabGroups.all.some(({ tabs }) =>
    tabs.some(({ input }) => input instanceof vscode.TabInputCustom && input.uri.fsPath === path),
  );
}

/** A side cluster stands at its target: where it is, and its databases in one click. */
export async function tellRecovery({ plan, state, result }: JobSummary): Promise<void> {
  if (state !== 'succeeded' || typeof result?.kept !== 'string') return;
  const press = vscode.l10n.t('Show');
  const pressed = await vscode.window.showInformationMessage(
    result.recovering
      ? vscode.l10n.t('{0}: it stands there, read-only, and is among the connections.', plan.title)
      : vscode.l10n.t('{0}: it is open for writing, and is among the connections.', plan.title),
    press,
  );
  if (pressed === press) await vscode.commands.executeCommand(`${viewIds.connections}.focus`);
}
