import { useEffect, useRef, useState } from 'preact/hooks';
import type { ContentsHead } from '../../shared/contentsPage';
import { Failure } from '../components/notice';
import { Splitter } from '../components/splitter';
import type { Kept } from '../host';
import type { Surroundings } from './calls';
import { Detail } from './detail';
import { Head } from './head';
import type { Inbox } from './inbox';
import { Overview } from './overview';
import { ProgressLines } from './progress';
import type { PageState } from './state';
import { TreePane } from './treePane';
import { useContents } from './hooks/useContents';
import { useMedia } from './hooks/useMedia';

export interface ContentsViewProps extends Surroundings {
  head: ContentsHead;
  ticked: number[];
  inbox: Inbox;
  kept: Kept<PageState>;
}

/** The page of an open dump. */
export function ContentsView(props: ContentsViewProps) {
  const { host, texts, locale, watch, kept } = props;
  const contents = useContents(props);
  const { head, listing, history, filtering } = contents;
  const [split, setSplit] = useState(() => kept.read().split ?? 34);
  const [roomBy, setRoomBy] = useState(() => kept.read().roomBy ?? 'table');
  const stacked = useMedia('(max-width: 680px)');
  const filterInput = useRef<HTMLInputElement>(null);
  useEffect(() => kept.write({ split, roomBy }), [split, roomBy]);
  const entry = history.selected === null ? -1 : listing.indexOf(history.selected);
  const focusFilter = (): void => {
    filterInput.current?.focus();
    filterInput.current?.select();
  };
  const key = (event: KeyboardEvent): void => {
    const { altKey, ctrlKey, metaKey, shiftKey } = event;
    const control = (ctrlKey || metaKey) && !altKey && !shiftKey;
    if (event.defaultPrevented) return;
    if (altKey && !ctrlKey && event.key === 'ArrowLeft') history.back?.();
    else if (altKey && !ctrlKey && event.key === 'ArrowRight') history.forward?.();
    else if (control && event.key === 'f') focusFilter();
    else if (event.key === 'Escape' && isInDetail(event.target)) focusTree();
    else return;
    // The editor has uses of its own for some of these keys.
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div class="page" onKeyDown={key}>
      <Head head={head} texts={texts} onAct={contents.act} />
      <ProgressLines progress={contents.progress} />
      {contents.failure && (
        <Failure error={contents.failure}>
          <button type="button" onClick={contents.dismiss}>
            {texts.dismiss}
          </button>
        </Failure>
      )}
      <main class={stacked ? 'panes stacked' : 'panes'} style={{ '--split': `${split}%` }}>
        <TreePane
          contents={contents}
          kept={kept}
          input={filterInput}
          onFilter={focusFilter}
          texts={texts}
          locale={locale}
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
              {...{ host, texts, locale, watch, listing, entry, history }}
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
              unlocated={head.unlocated}
              by={roomBy}
              onBy={setRoomBy}
              onTable={(table) => history.go(listing.ids[table]!)}
              onSchema={(schema) => filtering.change({ schemas: [schema] })}
              onKind={(kind) => filtering.change({ kinds: [kind] })}
              onFindSizes={() => contents.act('locate')}
            />
          )}
        </section>
      </main>
    </div>
  );
}

function isInDetail(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('#detail') !== null;
}

function focusTree(): void {
  document.querySelector<HTMLElement>('[role="tree"]')?.focus();
}
