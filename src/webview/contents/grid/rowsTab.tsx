import { useEffect, useState } from 'preact/hooks';
import { Busy, Failure } from '../../components/notice';
import { factsOf } from '../../components/useCall';
import type { RowsTabProps } from '../calls';
import { RowsSession } from './rowsSession';
import { RowsView } from './rowsView';
import './rows.css';

/** The rows of one table. */
export function RowsTab(props: RowsTabProps) {
  const { host, entry, texts } = props;
  const [session, setSession] = useState<RowsSession | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const controller = new AbortController();
    const begin = async (): Promise<RowsSession> => {
      const [columns, layout] = await Promise.all([
        host.call('columns', entry.id, controller.signal),
        // Without what was kept, widths fit to what is there.
        host.call('gridLayout', entry.id, controller.signal).catch(() => null),
      ]);
      controller.signal.throwIfAborted();
      return new RowsSession(props, columns, layout);
    };
    let begun: RowsSession | null = null;
    begin().then(
      (session) => setSession((begun = session)),
      (failure: unknown) => !controller.signal.aborted && setError(failure),
    );
    return () => {
      controller.abort();
      begun?.close();
    };
  }, [entry.id, attempt]);
  useEffect(() => {
    // Counted elsewhere meanwhile.
    if (session && entry.rows >= 0 && !session.rows.known.complete) session.rows.setCount(entry.rows);
  }, [session, entry.rows]);
  const facts = error === null ? null : factsOf(error);
  if (facts)
    return (
      <Failure error={facts}>
        <button
          type="button"
          onClick={() => {
            setError(null);
            setAttempt(attempt + 1);
          }}
        >
          {texts.grid.retry}
        </button>
      </Failure>
    );
  return session ? <RowsView {...props} session={session} /> : <Busy text={texts.grid.reading} />;
}
