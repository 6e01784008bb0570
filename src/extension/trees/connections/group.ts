import * as vscode from 'vscode';
import { oneLine } from '../../format';
import type { TreeNode } from '../node';

/** A heading over rows that are there already: a group of servers, what was found in the workspace. */
export class HeadingNode implements TreeNode {
  readonly id: string;
  readonly target = {};
  readonly #label: string;
  readonly #icon: string;
  readonly #children: TreeNode[];

  constructor(parts: { id: string; label: string; icon: string; children: (self: TreeNode) => TreeNode[] }) {
    this.id = parts.id;
    this.#label = parts.label;
    this.#icon = parts.icon;
    this.#children = parts.children(this);
  }

  item(): vscode.TreeItem {
    const item = new vscode.TreeItem(oneLine(this.#label), vscode.TreeItemCollapsibleState.Expanded);
    item.iconPath = new vscode.ThemeIcon(this.#icon);
    item.contextValue = 'heading';
    return item;
  }

  children(): Promise<TreeNode[]> {
    return Promise.resolve(this.#children);
  }

  forget(): void {
    for (const child of this.#children) child.forget?.();
  }
}
