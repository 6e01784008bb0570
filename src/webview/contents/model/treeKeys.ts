import type { TreeNode } from './tree';

/** What a key does in the tree. */
export type TreeAction =
  | { do: 'move'; to: number }
  | { do: 'expand' | 'collapse'; node: TreeNode }
  | { do: 'expandSiblings' | 'tick' | 'open'; node: TreeNode }
  | { do: 'filter' | 'escape' };

export interface TreeKey {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

/**
 * The action of a key, as the ARIA tree pattern has it; null leaves the key to others.
 *
 * @param at the active row, -1 when there is none
 * @param page rows that fit into the view
 */
export function treeAction(
  { key, ctrlKey, metaKey, altKey }: TreeKey,
  nodes: TreeNode[],
  at: number,
  page: number,
  isExpanded: (node: TreeNode) => boolean,
): TreeAction | null {
  const last = nodes.length - 1;
  if (altKey) return null;
  if (ctrlKey || metaKey) return key === 'f' ? { do: 'filter' } : null;
  if (key === '/') return { do: 'filter' };
  if (key === 'Escape') return { do: 'escape' };
  if (last < 0) return null;
  const move = (to: number): TreeAction => ({ do: 'move', to: Math.min(last, Math.max(0, to)) });
  const node = nodes[at];
  switch (key) {
    case 'ArrowDown':
      return move(at + 1);
    case 'ArrowUp':
      return move(at - 1);
    case 'Home':
      return move(0);
    case 'End':
      return move(last);
    case 'PageDown':
      return move(at + page);
    case 'PageUp':
      return move(at - page);
  }
  if (!node) return null;
  const open = node.children.length > 0 && isExpanded(node);
  switch (key) {
    case 'ArrowRight':
      if (node.children.length === 0) return null;
      return open ? move(at + 1) : { do: 'expand', node };
    case 'ArrowLeft':
      if (open) return { do: 'collapse', node };
      return node.parent ? move(nodes.indexOf(node.parent)) : null;
    case '*':
      return { do: 'expandSiblings', node };
    case ' ':
      return { do: 'tick', node };
    case 'Enter':
      return { do: 'open', node };
  }
  return null;
}

/** Finds rows by the letters typed in quick succession. */
export class TypeAhead {
  #typed = '';
  #last = 0;

  /**
   * @param now milliseconds of any clock
   * @returns the row that begins with what was typed, after the active one or around; -1 for none
   */
  find(
    char: string,
    nodes: TreeNode[],
    at: number,
    labelOf: (node: TreeNode) => string,
    now: number,
  ): number {
    if (now - this.#last > 800) this.#typed = '';
    this.#last = now;
    this.#typed += char.toLowerCase();
    // The same letter again goes from one to the next.
    const repeated = [...this.#typed].every((one) => one === this.#typed[0]);
    const wanted = repeated ? this.#typed[0]! : this.#typed;
    const start = repeated ? at + 1 : Math.max(0, at);
    for (let step = 0; step < nodes.length; step++) {
      const row = (start + step) % nodes.length;
      if (labelOf(nodes[row]!).toLowerCase().startsWith(wanted)) return row;
    }
    return -1;
  }
}
