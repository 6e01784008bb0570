import { useLayoutEffect, useReducer, useRef, useState } from 'preact/hooks';
import { Failure } from '../../components/notice';
import { fill } from '../../components/text';
import { factsOf } from '../../components/useCall';
import { VirtualGrid } from '../../components/virtualGrid';
import type { RowsTabProps } from '../calls';
import { FindBar, type FindForm } from './findBar';
import { GoToBar } from './goToBar';
import type { RowsSession } from './rowsSession';
import { SelectionMenu } from './selectionMenu';
import { TaskList } from './taskList';
import { Toolbar } from './toolbar';
import { useProgress } from './useProgress';

const nothingToFind: FindForm = { text: '', regex: false, matchCase: false, wholeValue: false, column: null };

/** One table's rows: tools, find, the grid, and what is under way. */
export function RowsView({
  session,
  host,
  entry,
  texts: all,
  watch,
}: RowsTabProps & { session: RowsSession }) {
  const texts = all.grid;
  const [, redraw] = useReducer<number, void>((count) => count + 1, 0);
  const [bar, setBar] = useState<'find' | 'goTo' | null>(null);
  const [focus, setFocus] = useState(0);
  const [form, setForm] = useState(nothingToFind);
  const [menu, setMenu] = useState<{ x: number; y: number } | null>(null);
  const view = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => session.subscribe(() => redraw()), [session]);
  const reading = useProgress(watch, `rows ${entry.id}`);
  const searching = useProgress(watch, `search ${entry.id}`);

  const focusGrid = (): void => view.current?.querySelector<HTMLElement>('[role=grid]')?.focus();
  const openFind = (column?: number): void => {
    if (column !== undefined) setForm({ ...form, column });
    setBar('find');
    setFocus(focus + 1);
  };
  const closeBar = (): void => {
    if (bar === 'find') {
      session.setOnlyFound(false);
      session.find(null);
      setForm(nothingToFind);
    }
    setBar(null);
    focusGrid();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const control = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    if (control && key === 'f') openFind();
    else if (control && key === 'g') setBar('goTo');
    else if (event.key === 'F3') {
      if (session.finder.query) session.findNext(event.shiftKey);
      else openFind();
    } else if (event.altKey && key === 'l' && bar === 'find') session.setOnlyFound(!session.onlyFound);
    else if (event.key === 'Escape' && bar) closeBar();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  /** Copying by a menu of the editor, or by a key that is one. */
  const onCopy = (event: ClipboardEvent): void => {
    // Part of a value was marked in the peek.
    if (!window.getSelection()?.isCollapsed) return;
    event.preventDefault();
    void session.copy('cells');
  };
  const { source, model, rows } = session;
  const failure = session.error ?? session.finder.error ?? rows.error;
  const facts = failure === null ? null : factsOf(failure);
  const nothing = source.extent.exact && source.extent.rows === 0;
  return (
    <div ref={view} class="rows-tab" onKeyDown={onKeyDown}>
      <Toolbar
        session={session}
        texts={all}
        onFind={() => openFind()}
        onGoTo={() => setBar('goTo')}
        onOpenRows={() => void host.call('openRows', entry.id)}
      />
      {bar === 'find' && (
        <FindBar
          {...{ session, texts, form, focus }}
          progress={searching}
          onForm={setForm}
          onClose={closeBar}
        />
      )}
      {bar === 'goTo' && <GoToBar {...{ session, texts }} onClose={closeBar} />}
      {facts && (
        <Failure error={facts}>
          {failure === rows.error && (
            <button type="button" onClick={() => rows.retry()}>
              {texts.retry}
            </button>
          )}
          {failure === session.error && (
            <button type="button" onClick={() => session.dismissError()}>
              {all.dismiss}
            </button>
          )}
        </Failure>
      )}
      <div class="rows-grid" onCopy={onCopy}>
        <VirtualGrid
          key={session.onlyFound ? 'found' : 'all'}
          label={fill(texts.label, entry.name)}
          {...{ model, source, texts }}
          peek={session.peek}
          onPeek={(shown) => session.setPeek(shown)}
          onOpen={() => session.openValue()}
          onMenu={setMenu}
          onCopy={(headers) => void session.copy('cells', headers)}
          onResized={(column) => session.resized(column)}
          onSeekEnd={(extend) => void session.seekEnd(extend)}
        />
        {nothing && <p class="rows-none">{session.onlyFound ? texts.noneFound : texts.noRows}</p>}
      </div>
      <TaskList session={session} texts={texts} reading={reading} />
      <p class="rows-said" role="status">
        {session.said}
      </p>
      {menu && (
        <SelectionMenu
          {...{ session, texts }}
          at={menu}
          onClose={() => {
            setMenu(null);
            focusGrid();
          }}
          onFindInColumn={(column) => openFind(column)}
        />
      )}
    </div>
  );
}
