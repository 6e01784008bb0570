import * as vscode from 'vscode';
import type { TreeNode } from '../node';

/** The last row of a long list: pressing it brings the next page. */
export class MoreNode implements TreeNode {
  readonly id: string;
  readonly parent: TreeNode;
  readonly target = {};
  /** Reads the next page; the tree then draws the parent anew. */
  readonly load: () => Promise<void>;

  constructor(parent: TreeNode, load: () => Promise<void>) {
    this.id = `${parent.id}//more`;
    this.parent = parent;
    this.load = load;
  }

  item(): vscode.TreeItem {
    const item = new vscode.TreeItem(vscode.l10n.t('Load More…'));
    item.iconPath = new vscode.ThemeIcon('ellipsis');
    item.contextValue = 'more';
    item.command = { command: 'restorePoint.loadMore', title: '', arguments: [this] };
    return item;
  }
}
