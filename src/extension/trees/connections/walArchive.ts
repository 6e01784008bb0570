import * as vscode from 'vscode';
import type { ArchiveInTree } from '../../../engine/physical';
import { oneLine } from '../../format';
import type { Target } from '../../target';
import { childId, type TreeNode } from '../node';

/** A server's WAL archive: what it covers, and what is wrong; pressing it opens the page. */
export class WalArchiveNode implements TreeNode {
  readonly id: string;
  readonly parent: TreeNode;
  readonly target: Target;
  readonly #archive: ArchiveInTree;

  constructor(parent: TreeNode, archive: ArchiveInTree) {
    this.parent = parent;
    this.#archive = archive;
    this.id = childId(parent, 'walArchive:');
    this.target = parent.target;
  }

  get text(): string {
    return this.#archive.text;
  }

  item(): vscode.TreeItem {
    const { text, warns } = this.#archive;
    const label = vscode.l10n.t('WAL archive');
    const item = new vscode.TreeItem(label);
    item.description = oneLine(text);
    item.iconPath = warns
      ? new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'))
      : new vscode.ThemeIcon('archive');
    item.contextValue = 'walArchive';
    item.command = { command: 'restorePoint.walArchiving', title: '', arguments: [this] };
    item.accessibilityInformation = { label: [label, text].join(', ') };
    return item;
  }

  tooltip(): Promise<string> {
    return Promise.resolve([this.#archive.text, ...this.#archive.more].join('\n'));
  }
}
