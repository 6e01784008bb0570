import * as vscode from 'vscode';
import type { ContentsHead } from '../../shared/contentsPage';
import { count } from '../format';
import type { ContentsDocument } from './contentsDocument';

type Warning = ContentsHead['warnings'][number];

/** Details shown of one warning: the rest is a number. */
const mostDetails = 200;

/** What a person should know before this dump is used. */
export function warningsOf(document: ContentsDocument): Warning[] {
  const warnings: Warning[] = [];
  const { opened, outdated } = document;
  if (outdated)
    warnings.push({
      kind: 'warning',
      text: vscode.l10n.t('The file changed since it was opened.'),
      details: [],
      action: { id: 'refresh', label: vscode.l10n.t('Reload') },
    });
  const facts = opened?.facts;
  if (facts?.faults.length)
    warnings.push({
      kind: 'error',
      text: vscode.l10n.t('The dump is damaged or cut short; what could be read is shown.'),
      details: some(
        facts.faults.map(({ what, entry, offset }) =>
          [
            ...(entry ? [entry] : []),
            offset === null ? what : vscode.l10n.t('{0} (byte {1})', what, offset),
          ].join(': '),
        ),
      ),
    });
  if (facts?.scope === 'cluster')
    warnings.push({
      kind: 'info',
      text: vscode.l10n.t('A script of a whole server may hold password hashes. They are not shown here.'),
      details: [],
    });
  const commands = facts?.metaCommands.filter(({ own }) => !own) ?? [];
  if (commands.length)
    warnings.push({
      kind: 'warning',
      text: vscode.l10n.t(
        'The script holds {0} psql commands of its own. They can run programs when it is restored.',
        count(commands.length),
      ),
      details: some(commands.map(({ line, text }) => vscode.l10n.t('Line {0}: {1}', count(line), text))),
    });
  if (opened?.unlocated)
    warnings.push({
      kind: 'info',
      text: vscode.l10n.t('The dump does not say where its data begins, so sizes are not known yet.'),
      details: [],
      action: { id: 'locate', label: vscode.l10n.t('Find Now') },
    });
  return warnings;
}

function some(details: string[]): string[] {
  if (details.length <= mostDetails) return details;
  return [
    ...details.slice(0, mostDetails),
    vscode.l10n.t('… and {0} more', count(details.length - mostDetails)),
  ];
}
