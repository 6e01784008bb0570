import * as vscode from 'vscode';
import { Disposables } from '../dispose';
import type { TreeNode } from './node';

/** Changes that come together are drawn together. */
const debounceMs = 150;
/** What is slower is read while the editor shows that it waits. */
const readAheadMs = 2000;

/**
 * A view of rows that know their children. It draws anew only while it is seen, and many changes at
 * once draw once.
 */
export class Tree extends Disposables implements vscode.TreeDataProvider<TreeNode> {
  readonly view: vscode.TreeView<TreeNode>;
  readonly #changed = this.own(new vscode.EventEmitter<TreeNode[] | undefined>());
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #roots: () => Promise<TreeNode[]>;
  /** The first rows, read for the editor before it asks for them. */
  #ahead: TreeNode[] | undefined;
  readonly #expanded = new Set<string>();
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
    this.own(this.view.onDidExpandElement(({ element }) => this.#expanded.add(element.id)));
    this.own(this.view.onDidCollapseElement(({ element }) => this.#expanded.delete(element.id)));
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
    this.#timer ??= setTimeout(() => void this.#draw(), debounceMs);
  }

  /** The editor knows no row while it waits for it: a command of a menu that is open over one would be told of none. So rows are read first. */
  async #draw(): Promise<void> {
    this.#timer = undefined;
    const nodes = this.#allStale ? undefined : [...this.#stale];
    this.#allStale = false;
    this.#stale.clear();
    // What was read for an earlier change and not asked for yet is old now.
    this.#ahead = undefined;
    if (nodes) await inTime(this.#readBelow(nodes));
    else this.#ahead = await inTime(this.getChildren());
    this.#changed.fire(nodes);
  }

  async #readBelow(nodes: TreeNode[]): Promise<void> {
    for (const node of nodes) if (this.#expanded.has(node.id)) await node.children?.();
  }

  async getChildren(node?: TreeNode): Promise<TreeNode[]> {
    // An untrusted workspace opens no connection and reads no folder.
    if (!vscode.workspace.isTrusted) return [];
    if (node) return (await node.children?.()) ?? [];
    const ahead = this.#ahead;
    this.#ahead = undefined;
    return ahead ?? (await this.#roots());
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

/** Undefined for what takes too long, and for what fails: the editor asks for it again. */
async function inTime<T>(reading: Promise<T>): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>(
    (resolve) => (timer = setTimeout(() => resolve(undefined), readAheadMs)),
  );
  try {
    return await Promise.race([reading.catch(() => undefined), late]);
  } finally {
    clearTimeout(timer);
  }
}
