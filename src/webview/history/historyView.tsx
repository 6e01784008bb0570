import { useState } from 'preact/hooks';
import type {
  HistoryHost,
  HistoryPage,
  HistoryReading,
  HistoryTexts,
  HistoryView,
} from '../../shared/historyPage';
import type { Rpc } from '../../shared/rpc';
import { Busy, Failure } from '../components/notice';
import { countText, fill, Name } from '../components/text';
import { useCall } from '../components/useCall';
import { BackupsTable } from './backupsTable';
import { Chart } from './chart';
import { FindObject } from './findObject';
import { FindRow } from './findRow';
import { useAsked } from './useAsked';

export interface HistoryProps {
  view: HistoryView;
  texts: HistoryTexts;
  locale: string;
  /** How far the reading of contents is; null before it began. */
  reading: HistoryReading | null;
  host: Rpc<HistoryPage, HistoryHost>;
}

/** The backups of a database over time: a chart, the same as a table, two to compare, a row and an object to look for. */
export function HistoryPageView({ view, texts, locale, host, reading }: HistoryProps) {
  const { points, tables, title } = view;
  const [what, setWhat] = useState<'rows' | 'size'>('rows');
  const [table, setTable] = useState('');
  const [chosen, setChosen] = useState<string[]>([]);
  const [wanted, setActive] = useState(Infinity);
  // Backups come and go.
  const active = Math.min(wanted, points.length - 1);
  const counting = useAsked<void>();
  const ofTable = useCall(table === '' ? null : JSON.stringify([table, points]), () =>
    host.call('table', table),
  );
  const rows = table === '' ? points.map((point) => point.rows) : (ofTable.value ?? points.map(() => null));
  const values = what === 'size' ? points.map(({ bytes }) => bytes) : rows;
  const choose = (path: string): void =>
    setChosen(chosen.includes(path) ? chosen.filter((one) => one !== path) : [...chosen, path].slice(-2));
  const [left, right] = points.map(({ path }) => path).filter((path) => chosen.includes(path));
  const uncounted = points.filter((point) => point.rows === null && !point.damaged);
  const count = (paths: string[]): void => counting.ask((signal) => host.call('count', paths, signal));
  return (
    <main class="history">
      <header>
        <h1>
          <Name text={title} />
        </h1>
        <p class="muted">
          {points.length === 1 ? texts.one : fill(texts.backups, countText(points.length, locale))}
        </p>
      </header>
      <div class="tools">
        <div class="buttons" role="group" aria-label={texts.chart}>
          {(['rows', 'size'] as const).map((one) => (
            <button
              key={one}
              type="button"
              class="flat"
              aria-pressed={what === one}
              onClick={() => setWhat(one)}
            >
              {one === 'rows' ? texts.showRows : texts.showSize}
            </button>
          ))}
        </div>
        <select
          aria-label={texts.table}
          value={table}
          disabled={what === 'size'}
          onChange={({ currentTarget }) => setTable(currentTarget.value)}
        >
          <option value="">{texts.allTables}</option>
          {tables.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
        <span class="gap" />
        {uncounted.length > 1 && (
          <button
            type="button"
            class="flat"
            disabled={counting.busy}
            onClick={() => count(uncounted.map(({ path }) => path))}
          >
            {fill(texts.countAll, countText(uncounted.length, locale))}
          </button>
        )}
        <button
          type="button"
          disabled={left === undefined || right === undefined}
          title={texts.compareHint}
          onClick={() => void host.call('compare', { left: left!, right: right! })}
        >
          {texts.compareTwo}
        </button>
      </div>
      {ofTable.error && <Failure error={ofTable.error} />}
      {counting.error && <Failure error={counting.error} />}
      {counting.busy && <Busy text={texts.counting} />}
      <Chart
        label={`${title}: ${what === 'rows' ? texts.showRows : texts.showSize}`}
        points={points.map(({ at, when, suspicions }, index) => ({
          at,
          when,
          value: values[index]! < 0 ? 0 : (values[index] ?? null),
          wrong: suspicions.length > 0,
        }))}
        active={active}
        onActive={setActive}
        format={(value, index) => (what === 'size' ? points[index]!.size : countText(value, locale))}
      />
      <BackupsTable
        {...{ points, rows, texts, locale, active, chosen, host }}
        counting={counting.busy}
        onActive={setActive}
        onChoose={choose}
        onCount={count}
      />
      {tables.length > 0 && (
        <FindRow {...{ view, texts, locale, host, reading }} table={table || tables[0]!} />
      )}
      {points.length > 0 && <FindObject {...{ view, texts, locale, host, reading }} />}
    </main>
  );
}
