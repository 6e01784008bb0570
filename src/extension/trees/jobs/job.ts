import * as vscode from 'vscode';
import type { JobSummary } from '../../../engine/jobs';
import type { Plan } from '../../../engine/plan';
import { age, count, duration, moment, oneLine } from '../../format';
import type { Target } from '../../target';
import type { TreeNode } from '../node';

function icon({ state, messages }: JobSummary): vscode.ThemeIcon {
  switch (state) {
    case 'queued':
      return new vscode.ThemeIcon('clock');
    case 'running':
      return new vscode.ThemeIcon('loading~spin');
    case 'succeeded':
      return messages.failed + messages.degraded > 0
        ? new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'))
        : new vscode.ThemeIcon('pass', new vscode.ThemeColor('testing.iconPassed'));
    case 'failed':
      return new vscode.ThemeIcon('error', new vscode.ThemeColor('testing.iconFailed'));
    case 'cancelled':
      return new vscode.ThemeIcon('circle-slash');
    case 'interrupted':
      return new vscode.ThemeIcon('debug-disconnect');
  }
}

/** The state in words, with what a person wants to know of it next. */
function facts(job: JobSummary): string[] {
  const { state, fraction, what, remainingMs, durationMs, error, reason, messages } = job;
  const took = durationMs === null ? [] : [duration(durationMs)];
  switch (state) {
    case 'queued':
      return [reason ?? vscode.l10n.t('waiting')];
    case 'running':
      return [
        ...(fraction === null ? [] : [vscode.l10n.t('{0} %', Math.floor(fraction * 100))]),
        ...(remainingMs === null ? [] : [vscode.l10n.t('{0} left', duration(remainingMs))]),
        ...(what ? [what] : []),
      ];
    case 'succeeded':
      return [
        ...took,
        ...(messages.failed ? [vscode.l10n.t('{0} failed', count(messages.failed))] : []),
        ...(messages.degraded ? [vscode.l10n.t('{0} degraded', count(messages.degraded))] : []),
        ...(messages.harmless ? [vscode.l10n.t('{0} harmless messages', count(messages.harmless))] : []),
      ];
    case 'failed':
      return [error?.what ?? reason ?? vscode.l10n.t('failed')];
    case 'cancelled':
      return [vscode.l10n.t('cancelled'), ...took];
    case 'interrupted':
      return [vscode.l10n.t('interrupted: its runner is gone')];
  }
}

/** The title; of a restore without the file's name, so that the state beside it can be read. */
function label({ kind, title, facts }: Plan): string {
  const database = kind === 'restore' ? facts.database : undefined;
  return typeof database === 'string' && database !== '*'
    ? vscode.l10n.t('Restore into {0}', database)
    : title;
}

/** A plan being run, or run; pressing it shows its log. */
export class JobNode implements TreeNode {
  readonly id: string;
  readonly target: Target;
  readonly job: JobSummary;
  readonly #ended: boolean;

  constructor(job: JobSummary, ended: boolean) {
    this.id = `job:${job.id}`;
    this.target = { job: job.id };
    this.job = job;
    this.#ended = ended;
  }

  item(): vscode.TreeItem {
    const { plan, state, endedAt, resumable } = this.job;
    const item = new vscode.TreeItem(oneLine(label(plan)));
    const words = [...facts(this.job), ...(endedAt ? [age(endedAt)] : [])];
    item.description = words.map(oneLine).join(' · ');
    item.iconPath = icon(this.job);
    const again = this.#ended && state !== 'succeeded';
    item.contextValue = [
      'job',
      this.#ended ? 'finished' : 'cancelable',
      ...(again ? ['retryable'] : []),
      ...(this.#ended && plan.kind === 'restore' ? ['reported'] : []),
      ...(resumable ? ['resumable'] : []),
      ...(plan.kind === 'compare' && (!this.#ended || state === 'succeeded') ? ['compared'] : []),
    ].join(' ');
    item.command = { command: 'restorePoint.showJobLog', title: '', arguments: [this] };
    item.accessibilityInformation = { label: [plan.title, state, ...words].join(', ') };
    return item;
  }

  tooltip(): Promise<string> {
    const { plan, startedAt, error, reason } = this.job;
    return Promise.resolve(
      [
        plan.title,
        startedAt && vscode.l10n.t('Started {0}', moment(startedAt)),
        reason,
        ...(error ? [error.what, error.why, error.next] : []),
      ]
        .filter(Boolean)
        .join('\n'),
    );
  }
}
