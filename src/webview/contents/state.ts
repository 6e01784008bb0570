import type { Filter } from './model/filter';

export type Tab = 'rows' | 'definition' | 'dependencies' | 'largeObjects';

/** What the page keeps while it is hidden. */
export interface PageState {
  filter: Filter;
  flat: boolean;
  sort: 'name' | 'size';
  /** Keys of tree rows that were opened or closed by hand. */
  expanded: Record<string, boolean>;
  /** Id of the chosen entry; null shows the overview. */
  selected: number | null;
  tab: Tab;
  /** Pixels the tree is scrolled by. */
  scroll: number;
  /** Per cent of the tree. */
  split: number;
  roomBy: 'table' | 'schema';
}
