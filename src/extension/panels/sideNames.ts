import * as vscode from 'vscode';
import type { RecoverDraft } from '../../shared/recoverPage';
import { oneLine } from '../format';

/** `shop at 13:57:04`, as the connection to a side cluster is called, and what it is a copy of. */
export function sideNames(of: string, draft: RecoverDraft): { name: string; of: string } {
  return { name: nameAt(of, draft), of };
}

function nameAt(base: string, { target, exclusive, called }: RecoverDraft): string {
  const at = (text: string): string =>
    exclusive ? vscode.l10n.t('{0} just before {1}', base, text) : vscode.l10n.t('{0} at {1}', base, text);
  if (called !== null) return at(called);
  switch (target.kind) {
    case 'time':
      return at(clockText(target.time));
    case 'lsn':
      return at(target.lsn);
    case 'xid':
      return at(vscode.l10n.t('transaction {0}', target.xid));
    case 'name':
      return at(oneLine(target.name));
    case 'immediate':
      return vscode.l10n.t('{0} at the end of the backup', base);
    case 'latest':
      return vscode.l10n.t('{0}, all its WAL', base);
  }
}

/** `13:57:04`; with its day where that is not today. */
export function clockText(iso: string): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return iso;
  const clock = time.toLocaleTimeString(vscode.env.language, {
    ...{ hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false },
  });
  const today = new Date().toDateString() === time.toDateString();
  return today
    ? clock
    : `${time.toLocaleDateString(vscode.env.language, { day: 'numeric', month: 'short' })} ${clock}`;
}
