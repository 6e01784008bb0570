import * as vscode from 'vscode';
import { oneLine } from '../../format';
import type { Found } from '../../found';
import type { Target } from '../../target';
import type { TreeNode } from '../node';

/** A connection that a file of the workspace names; nothing of it is stored. */
export class FoundNode implements TreeNode {
  readonly id: string;
  readonly parent: TreeNode;
  readonly target: Target;
  readonly #found: Found;

  constructor(parent: TreeNode, found: Found) {
    this.id = `found:${found.key}`;
    this.parent = parent;
    this.target = { found: found.key };
    this.#found = found;
  }

  item(): vscode.TreeItem {
    const { label, detail } = this.#found.connection;
    const item = new vscode.TreeItem(oneLine(label));
    item.description = oneLine(detail);
    item.iconPath = new vscode.ThemeIcon('search');
    item.contextValue = 'found';
    item.accessibilityInformation = { label: `${label}, ${detail}` };
    return item;
  }

  async tooltip(): Promise<string> {
    const { file, line } = this.#found.connection;
    return Promise.resolve(vscode.l10n.t('{0}, line {1}. Nothing is stored until you keep it.', file, line));
  }
}
