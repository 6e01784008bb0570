import * as vscode from 'vscode';
import type { Evidence } from '../../../engine/artifacts/types';
import { age, count, duration } from '../../format';

/** What was checked, in a few words with a sign: `✓ decoded, 1,204,113 rows`. */
export function evidenceText(evidence: Evidence | null): string {
  if (!evidence) return vscode.l10n.t('– not verified');
  if (!evidence.ok)
    return evidence.level === 'rehearsal' ? vscode.l10n.t('✗ rehearsal failed') : vscode.l10n.t('✗ damaged');
  const { level, rows, restoreMs } = evidence;
  switch (level) {
    case 'checksum':
      return vscode.l10n.t('✓ checksum');
    case 'contents':
      return rows === undefined
        ? vscode.l10n.t('✓ decoded')
        : vscode.l10n.t('✓ decoded, {0} rows', count(rows));
    case 'rehearsal':
      return restoreMs === undefined
        ? vscode.l10n.t('✓ rehearsed')
        : vscode.l10n.t('✓ rehearsed in {0}', duration(restoreMs));
  }
}

/** The same as a sentence with its age, and what is wrong. */
export function evidenceSentence(evidence: Evidence | null): string {
  if (!evidence) return vscode.l10n.t('Not verified yet.');
  const when = age(evidence.at);
  if (!evidence.ok)
    return [
      evidence.level === 'rehearsal'
        ? vscode.l10n.t('Did not pass a rehearsal {0}:', when)
        : vscode.l10n.t('Found damaged {0}:', when),
      ...(evidence.faults ?? []).map(({ what, entry }) => (entry ? `${entry}: ${what}` : what)),
    ].join('\n');
  const what =
    evidence.level === 'contents' && evidence.rows !== undefined
      ? vscode.l10n.t('{0} rows decoded', count(evidence.rows))
      : evidenceText(evidence).replace(/^✓ /, '');
  return vscode.l10n.t('Verified {0}: {1}', when, what);
}
