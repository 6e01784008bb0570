import type { RefObject } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Empty, Failure } from '../components/notice';
import type { Kept } from '../host';
import type { Surroundings } from './calls';
import { FilterBar } from './filterBar';
import type { ContentsModel } from './hooks/useContents';
import { useExpansion } from './hooks/useExpansion';
import { wordsOf } from './model/filter';
import { buildTree, countTicks, entriesOf, visibleNodes, type TreeNode } from './model/tree';
import type { PageState } from './state';
import { TickBar } from './tickBar';
import { TreeView } from './treeView';

interface Props extends Pick<Surroundings, 'texts' | 'locale'> {
  contents: ContentsModel;
  kept: Kept<PageState>;
  input: RefObject<HTMLInputElement | null>;
  onFilter(): void;
  /** Restores these entries. */
  onRestore(ids: number[]): void;
}

const nothing: ReadonlySet<number> = new Set();
/** A scrolled tree is remembered when it comes to rest. */
const restMs = 200;

/** The filter, the tree and what is ticked in it. */
export function TreePane({ contents, kept, input, onFilter, onRestore, texts, locale }: Props) {
  const { listing, version, owners, ticks, filtering, history, head } = contents;
  const [before] = useState(() => kept.read());
  const [flat, setFlat] = useState(before.flat ?? false);
  const [sort, setSort] = useState(before.sort ?? 'name');
  const [active, setActive] = useState<string | null>(keyOf(history.selected));
  const pane = useRef<HTMLElement>(null);
  const { shown } = filtering;

  const tree = useMemo(
    () => buildTree(listing, owners, { flat, sort, shown }),
    [listing, version, owners, flat, sort, shown],
  );
  const counted = useMemo(() => {
    countTicks(tree, listing, ticks.ids);
    return {};
  }, [tree, ticks.ids]);
  const expansion = useExpansion(tree, shown, before.expanded);
  const nodes = useMemo(
    () => visibleNodes(tree, expansion.isExpanded),
    [tree, expansion.byHand, expansion.hand],
  );
  useEffect(() => kept.write({ flat, sort, expanded: expansion.byHand }), [flat, sort, expansion.byHand]);
  // What was chosen elsewhere is found in the tree: its groups are opened.
  useEffect(() => {
    const key = keyOf(history.selected);
    if (key === null || key === active) return;
    setActive(key);
    const node = tree.nodes.find((one) => one.key === key);
    const closed = ancestors(node).filter((one) => !expansion.isExpanded(one));
    if (closed.length > 0) expansion.set(closed, true);
  }, [history.selected]);

  const labelOf = (node: TreeNode): string => {
    if (node.sort === 'kind') return texts.kinds[node.label] ?? node.label;
    if (node.sort === 'schema') return node.label || (node.parent ? texts.wholeDatabase : outside());
    const schema = flat ? listing.schema(node.entry) : '';
    return schema ? `${schema}.${node.label}` : node.label;
  };
  const outside = (): string => (tree.roots[0]?.sort === 'database' ? texts.noDatabase : texts.wholeDatabase);
  const look = useMemo(
    () => ({
      listing,
      texts,
      locale,
      words: wordsOf(filtering.applied.text),
      largest: tree.largest,
      flat,
      selected: history.selected,
      needed: ticks.needs ?? nothing,
      labelOf,
      counted,
    }),
    [tree, texts, filtering.applied.text, flat, history.selected, ticks.needs, counted],
  );
  const rest = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const focusTree = (): void => pane.current?.querySelector<HTMLElement>('[role="tree"]')?.focus();
  return (
    <section class="tree-pane" id="tree-pane" aria-label={texts.contents} ref={pane}>
      <FilterBar
        {...{ texts, locale, input, listing, filtering, flat, sort }}
        complete={head.complete && contents.loaded}
        onFlat={setFlat}
        onSort={setSort}
        onCollapse={expansion.collapseAll}
        onLeave={focusTree}
      />
      {filtering.error && <Failure error={filtering.error} />}
      {nodes.length > 0 ? (
        <TreeView
          nodes={nodes}
          active={active}
          scroll={before.scroll ?? 0}
          label={texts.contents}
          help={texts.treeHelp}
          busy={contents.busy || filtering.searching}
          look={look}
          isExpanded={expansion.isExpanded}
          onActive={(node) => setActive(node.key)}
          onExpand={expansion.set}
          onTick={(node) =>
            ticks.set(
              entriesOf(node).map((entry) => listing.ids[entry]!),
              node.ticked < node.entries,
            )
          }
          onOpen={(node) => history.go(listing.ids[node.entry]!)}
          onFilter={onFilter}
          onEscape={() => {
            if (shown) filtering.clear();
          }}
          onScroll={(scroll) => {
            clearTimeout(rest.current);
            rest.current = setTimeout(() => kept.write({ scroll }), restMs);
          }}
        />
      ) : (
        contents.loaded &&
        !filtering.searching && (
          <Empty text={shown ? texts.noMatches : texts.emptyDump}>
            {shown && (
              <button type="button" onClick={filtering.clear}>
                {texts.clearFilter}
              </button>
            )}
          </Empty>
        )
      )}
      <TickBar
        {...{ texts, locale, listing, owners, ticks }}
        onlyTicked={filtering.filter.ticked}
        onOnlyTicked={(ticked) => filtering.change({ ticked })}
        onRestore={() => onRestore([...ticks.ids])}
      />
    </section>
  );
}

function keyOf(id: number | null): string | null {
  return id === null ? null : `e:${id}`;
}

function ancestors(node: TreeNode | undefined): TreeNode[] {
  const found: TreeNode[] = [];
  for (let parent = node?.parent; parent; parent = parent.parent) found.push(parent);
  return found;
}
