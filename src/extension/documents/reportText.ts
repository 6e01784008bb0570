import * as vscode from 'vscode';
import type { JobMessage, JobSummary } from '../../engine/jobs';
import { duration, moment, oneLine } from '../format';

/** A report's text, and the line each message stands on (from 0). */
export interface ReportText {
  text: string;
  lines: Map<JobMessage, number>;
}

const verdicts = ['failed', 'degraded', 'harmless'] as const;

/** What became of a restore, to read: by verdict, each message with its entry, its reason and what can be done. */
export function reportText(
  { plan, state, startedAt, durationMs, error }: JobSummary,
  messages: readonly JobMessage[],
): ReportText {
  const out: string[] = [];
  const lines = new Map<JobMessage, number>();
  const say = (...more: string[]): void => void out.push(...more);
  say(`# ${oneLine(plan.title)}`, '');
  say(
    [
      stateText(state),
      ...(startedAt ? [moment(startedAt)] : []),
      ...(durationMs === null ? [] : [duration(durationMs)]),
    ].join(' · '),
    '',
  );
  if (error)
    say(...[error.what, error.why, error.next].filter(Boolean).map((line) => `> ${oneLine(line)}`), '');
  if (plan.ifItFails && state !== 'succeeded') say(`> ${oneLine(plan.ifItFails)}`, '');
  if (messages.length === 0) say(vscode.l10n.t('Nothing was said that is worth a line.'), '');
  for (const verdict of verdicts) {
    const some = messages.filter((message) => message.verdict === verdict);
    if (some.length === 0) continue;
    say(`## ${verdictText(verdict)} (${some.length})`, '');
    for (const message of some) {
      lines.set(message, out.length);
      say(`### ${oneLine(message.entry ?? vscode.l10n.t('Of no entry'))}`, '');
      say(message.reason, '', '```', ...message.text.split('\n'), '```', '');
      if (message.next) say(`**${vscode.l10n.t('What next:')}** ${message.next}`, '');
    }
  }
  return { text: `${out.join('\n')}\n`, lines };
}

function stateText(state: JobSummary['state']): string {
  return {
    queued: vscode.l10n.t('Waiting'),
    running: vscode.l10n.t('Running'),
    succeeded: vscode.l10n.t('Succeeded'),
    failed: vscode.l10n.t('Failed'),
    cancelled: vscode.l10n.t('Cancelled'),
    interrupted: vscode.l10n.t('Interrupted'),
  }[state];
}

function verdictText(verdict: JobMessage['verdict']): string {
  return {
    failed: vscode.l10n.t('Could not be restored'),
    degraded: vscode.l10n.t('Restored, but not wholly'),
    harmless: vscode.l10n.t('Harmless'),
  }[verdict];
}
