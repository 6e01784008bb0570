import { useEffect, useRef } from 'preact/hooks';
import { Failure } from '../components/notice';
import type { Surroundings } from './calls';
import { Head } from './head';
import { useContents, type ContentsStart } from './hooks/useContents';
import { Panes } from './panes';
import { ProgressLines } from './progress';

/** The page of an open dump. */
export function ContentsView(props: Surroundings & ContentsStart) {
  const { host, texts, locale, watch, kept } = props;
  const contents = useContents(props);
  const { history, failure, problem } = contents;
  const filterInput = useRef<HTMLInputElement>(null);
  const focusFilter = (): void => {
    filterInput.current?.focus();
    filterInput.current?.select();
  };
  const key = (event: KeyboardEvent): void => {
    const { altKey, ctrlKey, metaKey, shiftKey } = event;
    const control = (ctrlKey || metaKey) && !altKey && !shiftKey;
    const alone = altKey && !ctrlKey && !metaKey && !shiftKey;
    if (event.defaultPrevented) return;
    if (alone && event.key === 'ArrowLeft') history.back?.();
    else if (alone && event.key === 'ArrowRight') history.forward?.();
    else if (control && event.key === 'f') focusFilter();
    else if (event.key === 'Escape' && isInDetail(event.target)) focusTree();
    else return;
    // The editor has uses of its own for some of these keys.
    event.preventDefault();
    event.stopPropagation();
  };
  // On the whole document: keys count as well when nothing has the focus.
  useEffect(() => {
    document.addEventListener('keydown', key);
    return () => document.removeEventListener('keydown', key);
  });
  return (
    <div class="page">
      <Head
        head={problem ? { ...contents.head, warnings: [], actions: [] } : contents.head}
        texts={texts}
        onAct={contents.act}
      />
      <ProgressLines progress={contents.progress} />
      {failure && (
        <Failure error={failure.error}>
          <button type="button" onClick={failure.settle}>
            {failure.again ? texts.again : texts.dismiss}
          </button>
        </Failure>
      )}
      {problem ? (
        <main class="problem">
          <Failure error={problem}>
            {problem.actions.map(({ id, label, primary, title }) => (
              <button
                key={id}
                type="button"
                class={primary ? 'primary' : ''}
                title={title}
                onClick={() => contents.act(id)}
              >
                {label}
              </button>
            ))}
          </Failure>
        </main>
      ) : (
        <Panes {...{ host, texts, locale, watch, contents, kept, filterInput }} onFilter={focusFilter} />
      )}
    </div>
  );
}

function isInDetail(target: EventTarget | null): boolean {
  return (target as Element).closest('#detail') !== null;
}

function focusTree(): void {
  document.querySelector<HTMLElement>('[role="tree"]')?.focus();
}
