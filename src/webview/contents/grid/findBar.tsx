import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { RowQuery } from '../../../shared/contentsPage';
import type { RowsTexts } from '../../../shared/rowsTexts';
import { visibleText } from '../../../shared/visibleText';
import { fill, Icon } from '../../components/text';
import type { RowsSession } from './rowsSession';

/** What the bar asks for, kept while the tab is open. */
export type FindForm = Required<Omit<RowQuery, 'column'>> & { column: number | null };

interface Props {
  session: RowsSession;
  texts: RowsTexts;
  form: FindForm;
  onForm(form: FindForm): void;
  onClose(): void;
  /** Counts up when the field is to be focused. */
  focus: number;
  progress: number | null;
}

/** Time in which more may be typed before the search begins. */
const typingMs = 250;

export function queryOf({ column, ...form }: FindForm): RowQuery {
  return column === null ? form : { ...form, column };
}

/** Find in the rows, as in VS Code's own find: what to look for, how, and from one to the next. */
export function FindBar({ session, texts, form, onForm, onClose, focus, progress }: Props) {
  const field = useRef<HTMLInputElement>(null);
  const asked = useRef('');
  const wanted = JSON.stringify(form);
  const { finder } = session;
  // At once: what is typed next is for the field.
  useLayoutEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, [focus]);
  const ask = (): void => {
    asked.current = wanted;
    session.find(queryOf(form));
  };
  useEffect(() => {
    // Enter may have asked before the time is up.
    const timer = setTimeout(() => wanted !== asked.current && ask(), typingMs);
    return () => clearTimeout(timer);
  }, [wanted]);
  const go = (back: boolean): void => {
    // What was typed a moment ago counts.
    if (wanted === asked.current) session.findNext(back);
    else ask();
  };
  const toggles = [
    { name: 'matchCase', icon: 'case-sensitive', key: 'c' },
    { name: 'wholeValue', icon: 'whole-word', key: 'w' },
    { name: 'regex', icon: 'regex', key: 'r' },
  ] as const;
  const onKeyDown = (event: KeyboardEvent): void => {
    const toggle = event.altKey && toggles.find(({ key }) => key === event.key.toLowerCase());
    if (toggle) onForm({ ...form, [toggle.name]: !form[toggle.name] });
    else if (event.key === 'Escape') onClose();
    else if (event.key === 'Enter' && event.target === field.current) go(event.shiftKey);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div class="find-bar" role="search" aria-label={texts.findLabel} onKeyDown={onKeyDown}>
      <div class="find-field">
        <input
          ref={field}
          type="text"
          spellcheck={false}
          aria-label={texts.findLabel}
          placeholder={texts.findLabel}
          aria-invalid={finder.error !== null}
          value={form.text}
          onInput={(event) => onForm({ ...form, text: event.currentTarget.value })}
        />
        {toggles.map(({ name, icon }) => (
          <Toggle
            key={name}
            icon={icon}
            text={texts[name]}
            on={form[name]}
            onToggle={() => onForm({ ...form, [name]: !form[name] })}
          />
        ))}
      </div>
      <select
        aria-label={texts.column}
        title={texts.column}
        value={form.column === null ? '' : String(form.column)}
        onChange={(event) => {
          const { value } = event.currentTarget;
          onForm({ ...form, column: value === '' ? null : Number(value) });
        }}
      >
        <option value="">{texts.anyColumn}</option>
        {session.columns.map(({ name }, index) => (
          <option key={index} value={String(index)}>
            {visibleText(name)}
          </option>
        ))}
      </select>
      <span class="find-count">{countText(session, texts)}</span>
      <button
        type="button"
        class="icon"
        title={texts.previous}
        aria-label={texts.previous}
        onClick={() => go(true)}
      >
        <Icon name="arrow-up" />
      </button>
      <button type="button" class="icon" title={texts.next} aria-label={texts.next} onClick={() => go(false)}>
        <Icon name="arrow-down" />
      </button>
      <Toggle
        icon="filter"
        text={texts.onlyFound}
        on={session.onlyFound}
        onToggle={() => session.setOnlyFound(!session.onlyFound)}
      />
      {finder.searching && (
        <button
          type="button"
          class="icon"
          title={texts.stop}
          aria-label={texts.stop}
          onClick={() => finder.stop()}
        >
          <Icon name="stop-circle" />
        </button>
      )}
      <button
        type="button"
        class="icon"
        title={texts.closeFind}
        aria-label={texts.closeFind}
        onClick={onClose}
      >
        <Icon name="close" />
      </button>
      {finder.searching && (
        <progress class="find-progress" max={1} value={progress ?? undefined} aria-hidden="true" />
      )}
    </div>
  );
}

/** `3 of 17`, and whether that is all. */
function countText(session: RowsSession, texts: RowsTexts): string {
  const { finder } = session;
  if (!finder.query) return '';
  const total = finder.found.length;
  if (total === 0)
    return finder.searching ? texts.searching : finder.done ? texts.noneFound : texts.noneSoFar;
  const at = finder.placeOf(session.active.row);
  const text = finder.full ? texts.foundMost : finder.done ? texts.found : texts.foundSoFar;
  return fill(text, at === 0 ? '?' : session.number(at), session.number(total));
}

function Toggle({ icon, text, on, onToggle }: { icon: string; text: string; on: boolean; onToggle(): void }) {
  return (
    <button type="button" class="icon" aria-pressed={on} aria-label={text} title={text} onClick={onToggle}>
      <Icon name={icon} />
    </button>
  );
}
