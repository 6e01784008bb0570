import { useMemo, useRef, useState } from 'preact/hooks';
import type { Tree, TreeNode } from '../model/tree';

export interface Expansion {
  isExpanded(node: TreeNode): boolean;
  set(nodes: TreeNode[], expanded: boolean): void;
  /** What was opened or closed by hand, to be kept. */
  byHand: Record<string, boolean>;
  /** What applies now: changes whenever `isExpanded` does. */
  hand: Record<string, boolean>;
  collapseAll(): void;
}

const none: Record<string, boolean> = {};

/** A dump with more schemas than this shows their names first. */
const schemasAtOnce = 12;
/** Tables are what a reader looks for first; more than this would bury the other groups. */
const tablesAtOnce = 500;

/**
 * Which rows of the tree are open: by hand, else schemas with their tables. While something is filtered all groups
 * are open, and what is closed then by hand is forgotten with the filter.
 */
export function useExpansion(
  tree: Tree,
  shown: Uint8Array | null,
  kept: Record<string, boolean> | undefined,
): Expansion {
  const [byHand, setByHand] = useState<Record<string, boolean>>(kept ?? {});
  const [filtered, setFiltered] = useState<{ shown: Uint8Array | null; byHand: Record<string, boolean> }>({
    shown: null,
    byHand: {},
  });
  const few = useMemo(() => countSchemas(tree) <= schemasAtOnce, [tree]);
  const whileFiltering = shown !== null;
  const hand = whileFiltering ? (filtered.shown === shown ? filtered.byHand : none) : byHand;
  const latest = useRef(hand);
  latest.current = hand;
  const keep = (next: Record<string, boolean>): void => {
    if (whileFiltering) setFiltered({ shown, byHand: next });
    else setByHand(next);
  };
  const usual = (node: TreeNode): boolean => {
    if (whileFiltering) return node.sort !== 'entry' || shown[node.entry] === 0;
    if (node.sort === 'entry') return false;
    if (node.sort === 'kind') return isFirstLook(node);
    return few;
  };
  return {
    byHand,
    hand,
    isExpanded: (node) => hand[node.key] ?? usual(node),
    set: (nodes, expanded) =>
      keep({ ...latest.current, ...Object.fromEntries(nodes.map(({ key }) => [key, expanded])) }),
    collapseAll: () =>
      keep(
        Object.fromEntries(tree.nodes.filter((node) => node.sort !== 'entry').map(({ key }) => [key, false])),
      ),
  };
}

function countSchemas(tree: Tree): number {
  return tree.roots.reduce((sum, root) => sum + (root.sort === 'database' ? root.children.length : 1), 0);
}

function isFirstLook(node: TreeNode): boolean {
  return (node.label === 'TABLE' || node.label === 'TABLE DATA') && node.children.length <= tablesAtOnce;
}
