import { useRef, useState } from 'preact/hooks';
import type { Mark, RecoverTexts } from '../../shared/recoverPage';

interface Props {
  marks: readonly Mark[];
  /** Path of the backup that is begun with. */
  chosen: string | null;
  texts: RecoverTexts;
  left(time: number): string;
  onMark(mark: Mark): void;
}

/** Base backups: one stop of the Tab key, arrows go from one to the next, Enter takes its end. */
export function Marks({ marks, chosen, texts, left, onMark }: Props) {
  const [at, setAt] = useState(marks.length - 1);
  const row = useRef<HTMLDivElement>(null);
  const key = (event: KeyboardEvent): void => {
    const last = marks.length - 1;
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: last }[event.key];
    if (to === undefined || event.altKey) return;
    event.preventDefault();
    const next = Math.max(0, Math.min(last, to));
    setAt(next);
    row.current?.querySelectorAll<HTMLElement>('.mark')[next]?.focus();
  };
  return (
    <div class="marks" role="toolbar" aria-label={texts.backups} ref={row} onKeyDown={key}>
      {marks.map((mark, index) => (
        <button
          key={mark.where}
          type="button"
          class={`mark ${mark.full ? 'full' : 'incremental'} ${mark.whole ? '' : 'broken'}`}
          style={{ left: left(Date.parse(mark.time)) }}
          title={mark.label}
          aria-label={mark.label}
          aria-pressed={mark.where === chosen}
          aria-disabled={!mark.whole}
          tabIndex={index === Math.min(at, marks.length - 1) ? 0 : -1}
          onFocus={() => setAt(index)}
          onClick={() => mark.whole && onMark(mark)}
        >
          <span aria-hidden="true">{mark.whole ? (mark.full ? '◆' : '◇') : '✗'}</span>
        </button>
      ))}
    </div>
  );
}
