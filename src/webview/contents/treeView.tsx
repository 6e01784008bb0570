import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { useRowWindow } from '../components/rowWindow';
import { rowId, TreeRow, type RowLook } from './treeRow';
import { treeAction, TypeAhead } from './model/treeKeys';
import type { TreeNode } from './model/tree';

const rowHeight = 22;

interface Props {
  nodes: TreeNode[];
  /** Key of the row the keyboard is at. */
  active: string | null;
  /** Pixels scrolled when the page was last seen. */
  scroll: number;
  label: string;
  help: string;
  busy: boolean;
  look: RowLook;
  isExpanded(node: TreeNode): boolean;
  onActive(node: TreeNode): void;
  onExpand(nodes: TreeNode[], expanded: boolean): void;
  onTick(node: TreeNode): void;
  onOpen(node: TreeNode): void;
  onFilter(): void;
  onEscape(): void;
  onScroll(top: number): void;
}

/** The contents: a tree of any length, of which only what is seen is in the page. */
export function TreeView(props: Props) {
  const { nodes, active, look, isExpanded } = props;
  const view = useRef<HTMLDivElement>(null);
  const typeAhead = useRef(new TypeAhead());
  const seen = useRowWindow(view, nodes.length, rowHeight);
  const at = nodes.findIndex((node) => node.key === active);
  useLayoutEffect(() => {
    if (view.current && props.scroll > 0) view.current.scrollTop = props.scroll;
  }, []);
  // What was chosen elsewhere comes into view; where the reader scrolled to stays while the tree is rebuilt.
  const shownFor = useRef(active);
  useEffect(() => {
    if (at < 0 || shownFor.current === active) return;
    shownFor.current = active;
    seen.show(at);
  }, [active, at]);

  const moveTo = (to: number): void => {
    const node = nodes[to];
    if (!node) return;
    props.onActive(node);
    seen.show(to);
  };
  const key = (event: KeyboardEvent): void => {
    const action = treeAction(event, nodes, at, seen.page, isExpanded);
    if (action) {
      event.preventDefault();
      event.stopPropagation();
      switch (action.do) {
        case 'move':
          return moveTo(action.to);
        case 'expand':
        case 'collapse':
          return props.onExpand([action.node], action.do === 'expand');
        case 'expandSiblings': {
          const { parent, level } = action.node;
          const siblings = parent ? parent.children : nodes.filter((node) => node.level === level);
          return props.onExpand(
            siblings.filter((node) => node.children.length > 0),
            true,
          );
        }
        case 'tick':
          return props.onTick(action.node);
        case 'open':
          return activate(action.node);
        case 'filter':
          return props.onFilter();
        case 'escape':
          return props.onEscape();
      }
    }
    if (event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey) return;
    const found = typeAhead.current.find(event.key, nodes, at, look.labelOf, event.timeStamp);
    if (found >= 0) moveTo(found);
  };
  const activate = (node: TreeNode): void => {
    props.onActive(node);
    if (node.sort === 'entry') props.onOpen(node);
    else props.onExpand([node], !isExpanded(node));
  };

  const rows = [];
  for (const [index, node] of nodes.slice(seen.first, seen.end).entries())
    rows.push(
      <TreeRow
        key={node.key}
        node={node}
        top={(seen.first + index) * rowHeight}
        active={seen.first + index === at}
        expanded={isExpanded(node)}
        look={look}
        onTwist={() => props.onExpand([node], !isExpanded(node))}
        onTick={() => {
          props.onActive(node);
          props.onTick(node);
        }}
        onClick={() => activate(node)}
      />,
    );
  return (
    <div
      ref={view}
      class="tree"
      role="tree"
      tabIndex={0}
      aria-label={props.label}
      aria-description={props.help}
      aria-multiselectable="true"
      aria-busy={props.busy}
      aria-activedescendant={at >= 0 ? rowId(nodes[at]!) : undefined}
      onKeyDown={key}
      onFocus={() => {
        if (at < 0) moveTo(0);
      }}
      onScroll={(event) => props.onScroll(event.currentTarget.scrollTop)}
    >
      <div role="none" class="tree-rows" style={{ height: `${nodes.length * rowHeight}px` }}>
        {rows}
      </div>
    </div>
  );
}
