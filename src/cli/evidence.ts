import * as l10n from '@vscode/l10n';
import type { Evidence } from '../engine/artifacts/types';

/** `decoded, 1,204,113 rows`: what was checked, in few words. */
export function evidenceText(evidence: Evidence | null): string {
  if (!evidence) return l10n.t('not verified');
  if (!evidence.ok) return evidence.level === 'rehearsal' ? l10n.t('REHEARSAL FAILED') : l10n.t('DAMAGED');
  const words = { checksum: l10n.t('checksum'), contents: l10n.t('decoded'), rehearsal: l10n.t('rehearsed') };
  const word = words[evidence.level];
  return evidence.rows === undefined
    ? word
    : l10n.t('{0}, {1} rows', word, evidence.rows.toLocaleString('en'));
}
