import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { RowsTexts } from '../../../shared/rowsTexts';
import { fill } from '../../components/text';
import type { RowsSession } from './rowsSession';

interface Props {
  session: RowsSession;
  texts: RowsTexts;
  onClose(): void;
}

/** Rows that can be asked for at most: pixels stay exact up to there. */
const farthest = 1e11;

/** The number of a row as someone types it: with or without separators of thousands. Null when it is none. */
export function rowNumber(text: string): number | null {
  const digits = text.trim().replace(/[\s.,'’_\u00a0\u202f]/g, '');
  if (!/^\d+$/.test(digits)) return null;
  const number = Number(digits);
  return number >= 1 ? Math.min(number, farthest) : null;
}

/** Asks for a row's number and goes there. */
export function GoToBar({ session, texts, onClose }: Props) {
  const field = useRef<HTMLInputElement>(null);
  const [wrong, setWrong] = useState(false);
  useLayoutEffect(() => field.current?.focus(), []);
  const { rows, exact } = session.rows.extent;
  const hint = fill(exact ? texts.goToRange : texts.goToUnknown, session.number(rows));
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') onClose();
    else if (event.key === 'Enter') {
      const number = rowNumber(field.current!.value);
      setWrong(number === null);
      if (number !== null) {
        session.goTo(number - 1);
        onClose();
      }
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div class="find-bar" onKeyDown={onKeyDown}>
      <label class="find-field">
        <span>{texts.goToLabel}</span>
        <input
          ref={field}
          type="text"
          inputMode="numeric"
          placeholder={hint}
          aria-invalid={wrong}
          aria-describedby="go-to-wrong"
        />
      </label>
      <span id="go-to-wrong" role="alert" class="wrong">
        {wrong ? texts.notARow : ''}
      </span>
    </div>
  );
}
