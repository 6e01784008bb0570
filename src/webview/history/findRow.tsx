import { useState } from 'preact/hooks';
import type { Found } from '../../shared/historyPage';
import { Busy, Failure } from '../components/notice';
import { FoundList } from './found';
import type { HistoryProps } from './historyView';
import { useAsked } from './useAsked';

/** First and last backup that has a row, and where its values changed. */
export function FindRow({ view, texts, host, table: first }: HistoryProps & { table: string }) {
  const [table, setTable] = useState(first);
  const [condition, setCondition] = useState('');
  const found = useAsked<Found>();
  return (
    <section aria-labelledby="find">
      <h2 id="find">{texts.findRow}</h2>
      <form
        class="tools"
        onSubmit={(event) => {
          event.preventDefault();
          found.ask((signal) => host.call('find', { table, condition }, signal));
        }}
      >
        <select
          aria-label={texts.table}
          value={table}
          onChange={({ currentTarget }) => setTable(currentTarget.value)}
        >
          {view.tables.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
        <input
          aria-label={texts.condition}
          placeholder={texts.condition}
          value={condition}
          onInput={({ currentTarget }) => setCondition(currentTarget.value)}
        />
        <button type="submit" disabled={!condition.includes('=') || found.busy}>
          {texts.find}
        </button>
        {found.busy && (
          <button type="button" class="flat" onClick={() => found.cancel()}>
            {texts.cancel}
          </button>
        )}
      </form>
      {found.error && <Failure error={found.error} />}
      {found.busy && <Busy text={texts.finding} />}
      {found.value && <FoundList found={found.value} texts={texts} />}
    </section>
  );
}
