import type { RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Splitter } from '../components/splitter';
import type { Kept } from '../host';
import type { Surroundings } from './calls';
import { Detail } from './detail';
import type { ContentsModel } from './hooks/useContents';
import { useMedia } from './hooks/useMedia';
import { kindsIn } from './model/kinds';
import { Overview } from './overview';
import type { PageState } from './state';
import { TreePane } from './treePane';

interface Props extends Surroundings {
  contents: ContentsModel;
  kept: Kept<PageState>;
  filterInput: RefObject<HTMLInputElement | null>;
  onFilter(): void;
}

/** The tree, and beside it (or below, where there is no room) the chosen entry or the overview. */
export function Panes({ contents, kept, filterInput, onFilter, ...surroundings }: Props) {
  const { texts, locale } = surroundings;
  const { head, listing, history, filtering } = contents;
  const [split, setSplit] = useState(() => kept.read().split ?? 34);
  const [roomBy, setRoomBy] = useState(() => kept.read().roomBy ?? 'table');
  const stacked = useMedia('(max-width: 680px)');
  useEffect(() => kept.write({ split, roomBy }), [split, roomBy]);
  // What had the focus may be gone with the entry before: the keyboard goes on where the reader is.
  useEffect(() => {
    if (!document.hasFocus() || document.activeElement !== document.body) return;
    document.querySelector<HTMLElement>('#detail [aria-selected=true], #detail .link')?.focus();
  }, [history.selected]);
  const entry = history.selected === null ? -1 : listing.indexOf(history.selected);
  return (
    <main class={stacked ? 'panes stacked' : 'panes'} style={{ '--split': `${split}%` }}>
      <TreePane
        {...{ contents, kept, texts, locale, onFilter }}
        input={filterInput}
        onRestore={(ids) => void surroundings.host.call('restoreTicked', ids)}
      />
      <Splitter
        label={texts.resize}
        controls="tree-pane"
        stacked={stacked}
        value={split}
        onChange={setSplit}
      />
      <section class="detail" id="detail" aria-label={texts.details}>
        {entry >= 0 ? (
          <Detail
            {...surroundings}
            {...{ listing, entry, history }}
            rowsEntry={contents.rowsEntries[entry] ?? -1}
            tab={contents.tab}
            onTab={contents.setTab}
          />
        ) : (
          <Overview
            {...{ texts, locale, listing }}
            version={contents.version}
            owners={contents.owners}
            loaded={contents.loaded}
            busy={contents.busy}
            unlocated={head.unlocated}
            damaged={head.damaged}
            by={roomBy}
            onBy={setRoomBy}
            onTable={(table) => history.go(listing.ids[table]!)}
            onSchema={(schema) => filtering.change({ schemas: [schema] })}
            onKind={(group) => filtering.change({ kinds: kindsIn(group) })}
            onFindSizes={() => contents.act('locate')}
          />
        )}
      </section>
    </main>
  );
}
