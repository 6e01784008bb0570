import type { RowsTexts } from '../../../shared/rowsTexts';
import { fill, Icon } from '../../components/text';
import type { RowsSession } from './rowsSession';

interface Props {
  session: RowsSession;
  texts: RowsTexts;
  /** How far the host is on its way to the rows that are to be seen; null when they come at once. */
  reading: number | null;
}

/** What is under way, how far it is, and a way to stop it. */
export function TaskList({ session, texts, reading }: Props) {
  const { grid, rows, tasks } = session;
  const all = [...tasks.list];
  if (rows.loading && reading !== null) {
    const to = session.number((grid.seen?.last ?? 0) + 1);
    all.push({
      key: 'rows',
      text: fill(texts.readingTo, to),
      fraction: reading,
      stop: () => session.stopReading(),
    });
  }
  if (all.length === 0) return null;
  return (
    <ul class="rows-tasks">
      {all.map(({ key, text, fraction, stop }) => (
        <li key={key}>
          <span>{text}</span>
          <progress max={1} value={fraction ?? undefined} aria-label={text} />
          <button
            type="button"
            class="icon"
            title={texts.stop}
            aria-label={`${texts.stop}: ${text}`}
            onClick={stop}
          >
            <Icon name="stop-circle" />
          </button>
        </li>
      ))}
    </ul>
  );
}
