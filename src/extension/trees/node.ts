import type { MarkdownString, TreeItem } from 'vscode';
import type { Target } from '../target';

/** One row of a tree. Keeps its identity by `id`; what it names is in `target`. */
export interface TreeNode {
  /** Stable over refreshes and windows. */
  readonly id: string;
  readonly parent?: TreeNode;
  /** What a command is given that is called on this row. */
  readonly target: Target;
  item(): TreeItem;
  /** Absent for leaves. Never throws: what fails becomes a row that says so. */
  children?(): Promise<TreeNode[]>;
  /** Made when the pointer rests on the row. */
  tooltip?(): Promise<MarkdownString | string | undefined>;
  /** Forgets what `children` remembers. */
  forget?(): void;
}

/** The id of a row under another; any name is a name, slashes too. */
export function childId(parent: TreeNode, name: string): string {
  return `${parent.id}/${encodeURIComponent(name)}`;
}
