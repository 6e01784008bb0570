import * as vscode from 'vscode';
import { Disposables } from '../dispose';
import type { TreeNode } from './node';

/** Changes that come together are drawn together. */
const debounceMs = 150;

/**
 * A view of rows that know their children. It draws anew only while it is seen, and many changes at
 * once draw once.
 */
export class Tree extends Disposables implements vscode.TreeDataProvider<TreeNode> {
  readonly view: vscode.TreeView<TreeNode>;
  readonly #changed = this.own(new vscode.EventEmitter<TreeNode[] | undefined>());
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #roots: () => Promise<TreeNode[]>;
  /** Rows to draw anew; `all` wins over single ones. */
  readonly #stale = new Set<TreeNode>();
  #allStale = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(viewId: string, roots: () => Promise<TreeNode[]>, options: { several: boolean }) {
    super();
    this.#roots = roots;
    this.view = this.own(
      vscode.window.createTreeView(viewId, {
        treeDataProvider: this,
        canSelectMany: options.several,
        showCollapseAll: true,
      }),
    );
    this.own(
      this.view.onDidChangeVisibility(({ visible }) => {
        if (visible && (this.#allStale || this.#stale.size)) this.#schedule();
      }),
    );
    this.own(vscode.workspace.onDidGrantWorkspaceTrust(() => this.refresh()));
    this.own({ dispose: () => clearTimeout(this.#timer) });
  }

  /** Draws a row and what is below it anew, or everything. */
  refresh(node?: TreeNode): void {
    if (node) this.#stale.add(node);
    else this.#allStale = true;
    if (this.view.visible) this.#schedule();
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      const nodes = this.#allStale ? undefined : [...this.#stale];
      this.#allStale = false;
      this.#stale.clear();
      this.#changed.fire(nodes);
    }, debounceMs);
  }

  async getChildren(node?: TreeNode): Promise<TreeNode[]> {
    // An untrusted workspace opens no connection and reads no folder.
    if (!vscode.workspace.isTrusted) return [];
    return node ? ((await node.children?.()) ?? []) : await this.#roots();
  }

  getTreeItem(node: TreeNode): vscode.TreeItem {
    const item = node.item();
    item.id = node.id;
    return item;
  }

  getParent(node: TreeNode): TreeNode | undefined {
    return node.parent;
  }

  async resolveTreeItem(item: vscode.TreeItem, node: TreeNode): Promise<vscode.TreeItem> {
    item.tooltip ??= await node.tooltip?.();
    return item;
  }
}
