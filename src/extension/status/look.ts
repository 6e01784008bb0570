import * as vscode from 'vscode';
import type { JobSummary } from '../../engine/jobs';
import { oneLine } from '../format';

/** What the item in the status bar shows. */
export interface Look {
  text: string;
  /** One line per job. */
  tooltip: string;
  /** Whether something failed that nobody has looked at. */
  failed: boolean;
  /** Job whose log pressing it opens: the failure that was told last. */
  job?: string;
}

/**
 * @param active jobs that run or wait.
 * @param failures jobs that failed and were not looked at, oldest first.
 * @returns undefined where there is nothing to show.
 */
export function lookOf(active: JobSummary[], failures: JobSummary[]): Look | undefined {
  if (!active.length && !failures.length) return undefined;
  const text = [
    ...(failures.length ? [`$(error) ${failed(failures)}`] : []),
    ...(active.length ? [`$(loading~spin) ${running(active)}`] : []),
  ].join(' ');
  const tooltip = [
    ...failures.map((job) => [job.plan.title, job.error?.what ?? job.reason ?? job.state].join(': ')),
    ...active.map((job) => [job.plan.title, share(job) || job.reason].filter(Boolean).join(' · ')),
  ].map(oneLine);
  const last = failures.at(-1);
  return {
    text,
    tooltip: tooltip.join('\n'),
    failed: failures.length > 0,
    ...(last ? { job: last.id } : {}),
  };
}

function running(active: JobSummary[]): string {
  const [first, ...more] = active;
  if (!first || more.length) return vscode.l10n.t('{0} jobs', active.length);
  return [kindOf(first), first.state === 'queued' ? vscode.l10n.t('waiting') : share(first)]
    .filter(Boolean)
    .join(' ');
}

function failed(failures: JobSummary[]): string {
  const [first, ...more] = failures;
  if (!first || more.length) return vscode.l10n.t('{0} jobs failed', failures.length);
  return vscode.l10n.t('{0} failed', kindOf(first));
}

function share({ fraction }: JobSummary): string {
  return fraction === null ? '' : vscode.l10n.t('{0} %', Math.floor(fraction * 100));
}

function kindOf({ plan }: JobSummary): string {
  switch (plan.kind) {
    case 'backup':
      return vscode.l10n.t('Backup');
    case 'restore':
    case 'restoreFiles':
      return vscode.l10n.t('Restore');
    case 'rehearsal':
      return vscode.l10n.t('Rehearsal');
    case 'restorePoint':
      return vscode.l10n.t('Restore point');
    case 'compare':
      return vscode.l10n.t('Comparison');
    case 'copyOut':
      return vscode.l10n.t('Export');
    case 'copyIn':
      return vscode.l10n.t('Import');
    case 'receiveWal':
      return vscode.l10n.t('Receiving WAL');
  }
}
