import * as vscode from 'vscode';
import type { ErrorFacts, Remedy } from '../../../engine/errors';
import type { CommandId } from '../../ids';
import type { Target } from '../../target';
import type { TreeNode } from '../node';
import { oneLine } from '../../format';

/** What pressing the row does, by the first remedy that a row can offer. */
function remedyCommand(remedies: Remedy[]): { id: CommandId; label: string } {
  for (const { do: kind } of remedies)
    switch (kind) {
      case 'enterPassword':
        return { id: 'restorePoint.enterPassword', label: vscode.l10n.t('Enter Password…') };
      case 'editConnection':
        return { id: 'restorePoint.editConnection', label: vscode.l10n.t('Edit Connection…') };
    }
  return { id: 'restorePoint.refreshConnections', label: vscode.l10n.t('Try Again') };
}

/** Instead of the rows that could not be read: the reason; pressing it is the remedy. */
export class ProblemNode implements TreeNode {
  readonly id: string;
  readonly parent: TreeNode;
  readonly target: Target;
  readonly #facts: ErrorFacts;

  constructor(parent: TreeNode, facts: ErrorFacts) {
    this.id = `${parent.id}//problem`;
    this.parent = parent;
    this.target = parent.target;
    this.#facts = facts;
  }

  item(): vscode.TreeItem {
    const { what, remedies } = this.#facts;
    const { id, label } = remedyCommand(remedies ?? []);
    // The remedy first: it must not be what is cut off where the view is narrow.
    const item = new vscode.TreeItem(label);
    item.description = oneLine(what);
    item.iconPath = new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'));
    item.contextValue = 'problem refreshable';
    // "Try Again" redraws the row's parent.
    const row = id === 'restorePoint.refreshConnections' ? this.parent : this;
    item.command = { command: id, title: label, arguments: [row] };
    item.accessibilityInformation = { label: `${what} ${label}` };
    return item;
  }

  tooltip(): Promise<string> {
    const { what, why, next } = this.#facts;
    return Promise.resolve([what, why, next].filter(Boolean).join('\n\n'));
  }
}
