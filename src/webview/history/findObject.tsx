import { useState } from 'preact/hooks';
import type { Found, ObjectLine, ObjectLines } from '../../shared/historyPage';
import { Busy, Failure } from '../components/notice';
import { countText, fill, Name } from '../components/text';
import { FoundList } from './found';
import type { HistoryProps } from './historyView';
import { useAsked } from './useAsked';

/**
 * Any object in all backups: in which it is, and where its definition changed. Contents are read when that is asked for, and it says how
 * far it is.
 */
export function FindObject({ texts, locale, host, reading }: HistoryProps) {
  const [filter, setFilter] = useState('');
  const [chosen, setChosen] = useState<ObjectLine | null>(null);
  const lines = useAsked<ObjectLines>();
  const found = useAsked<Found>();
  const opened = useAsked<void>();
  /** Stays while a filter is asked for: the field must not go away under the hands. */
  const [listed, setListed] = useState<ObjectLines | null>(null);
  const list = (text: string): void => {
    setFilter(text);
    lines.ask(async (signal) => {
      const answer = await host.call('objects', text, signal);
      if (!signal.aborted) setListed(answer);
      return answer;
    });
  };
  const choose = (object: ObjectLine): void => {
    setChosen(object);
    found.ask((signal) => host.call('object', object.key, signal));
  };
  const busy = (listed === null && lines.busy) || found.busy;
  const error = lines.error ?? found.error ?? opened.error;
  return (
    <section aria-labelledby="object">
      <h2 id="object">{texts.object}</h2>
      <div class="tools">
        {listed === null ? (
          <button type="button" class="list" disabled={lines.busy} onClick={() => list('')}>
            {texts.listObjects}
          </button>
        ) : (
          <input
            aria-label={texts.filterObjects}
            placeholder={texts.filterObjects}
            value={filter}
            onInput={({ currentTarget }) => list(currentTarget.value)}
          />
        )}
        {busy && (
          <button
            type="button"
            class="flat"
            onClick={() => {
              lines.cancel();
              found.cancel();
            }}
          >
            {texts.cancel}
          </button>
        )}
      </div>
      {error && <Failure error={error} />}
      {listed && (
        <ul class="objects" aria-label={texts.object}>
          {listed.objects.map((object) => (
            <li key={object.key}>
              <button
                type="button"
                class="link"
                aria-pressed={chosen?.key === object.key}
                onClick={() => choose(object)}
              >
                <span class="muted">{object.kind}</span> <Name text={object.name} />
              </button>
            </li>
          ))}
        </ul>
      )}
      {listed && listed.total === 0 && <p class="muted">{texts.noObjects}</p>}
      {listed && listed.total > listed.objects.length && (
        <p class="muted">
          {fill(texts.moreObjects, countText(listed.total - listed.objects.length, locale))}
        </p>
      )}
      {listed?.unread.map((text) => (
        <p key={text} class="muted">
          <Name text={text} />
        </p>
      ))}
      {busy && <Busy text={reading ? fill(texts.reading, reading.done + 1, reading.total) : texts.finding} />}
      {chosen && found.value && (
        <>
          <h3>
            {chosen.kind} <Name text={chosen.name} />
          </h3>
          <FoundList
            found={found.value}
            texts={texts}
            onChange={(left, right) =>
              opened.ask((signal) => host.call('diff', { key: chosen.key, left, right }, signal))
            }
          />
        </>
      )}
    </section>
  );
}
