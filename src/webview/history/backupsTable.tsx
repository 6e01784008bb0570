import type { HistoryHost, HistoryPage, HistoryRow, HistoryTexts } from '../../shared/historyPage';
import type { Rpc } from '../../shared/rpc';
import { countText, Icon, Name } from '../components/text';

interface Props {
  points: HistoryRow[];
  /** Of each backup; null where nobody counted, -1 where the table is not there. */
  rows: (number | null)[];
  texts: HistoryTexts;
  locale: string;
  active: number;
  /** Paths of the backups that are ticked. */
  chosen: string[];
  /** Some are counted now. */
  counting: boolean;
  host: Rpc<HistoryPage, HistoryHost>;
  onActive(index: number): void;
  onChoose(path: string): void;
  onCount(paths: string[]): void;
}

/** The backups, newest first: what the chart shows, in numbers. */
export function BackupsTable(props: Props) {
  const { points, rows, texts, locale, active, chosen, counting, host, onActive, onChoose, onCount } = props;
  return (
    <table class="backups">
      <thead>
        <tr>
          <td />
          <th scope="col">{texts.when}</th>
          <th scope="col" class="number">
            {texts.size}
          </th>
          <th scope="col" class="number">
            {texts.rows}
          </th>
          <th scope="col" class="number">
            {texts.change}
          </th>
          <th scope="col">{texts.wrong}</th>
        </tr>
      </thead>
      <tbody>
        {points
          .map((point, index) => (
            <tr key={point.path} class={index === active ? 'active' : ''} onClick={() => onActive(index)}>
              <td>
                <input
                  type="checkbox"
                  checked={chosen.includes(point.path)}
                  aria-label={`${texts.compareHint}: ${point.when}`}
                  onChange={() => onChoose(point.path)}
                />
              </td>
              <th scope="row">
                <button
                  type="button"
                  class="link"
                  title={point.path}
                  onClick={() => void host.call('open', point.path)}
                >
                  {point.when}
                </button>
                {point.part && <span class="muted"> {texts.part}</span>}
              </th>
              <td class="number">{point.size}</td>
              <td class="number">
                {rowsText(point, rows[index] ?? null)}
                {point.rows === null && !point.damaged && (
                  <button
                    type="button"
                    class="link count"
                    aria-label={`${texts.countNow}: ${point.when}`}
                    disabled={counting}
                    onClick={() => onCount([point.path])}
                  >
                    {texts.countNow}
                  </button>
                )}
              </td>
              <td class="number">{changeText(rows[index] ?? null, rows[index - 1] ?? null)}</td>
              <td>
                {point.suspicions.map((text) => (
                  <p key={text}>
                    <Icon name="warning" />
                    <Name text={text} />
                  </p>
                ))}
              </td>
            </tr>
          ))
          .reverse()}
      </tbody>
    </table>
  );

  function rowsText({ damaged }: HistoryRow, count: number | null): string {
    if (count === null) return damaged ? texts.damaged : texts.notCounted;
    return count < 0 ? texts.notThere : countText(count, locale);
  }

  function changeText(now: number | null, before: number | null): string {
    if (now === null || before === null || now === before) return '';
    const change = Math.max(0, now) - Math.max(0, before);
    return `${change > 0 ? '+' : '−'}${countText(Math.abs(change), locale)}`;
  }
}
