import { useState } from 'preact/hooks';
import type { Bar, BaseBackupTexts } from '../../shared/baseBackupPage';
import { Name } from '../components/text';

interface Props {
  title: string;
  bars: Bar[];
  texts: BaseBackupTexts;
  locale: string;
}

/** Bars that are shown before a person asks for the others. */
const atOnce = 10;

/** A table with a bar in each row: length, size and share say the same, so none is needed to read the others. */
export function Bars({ title, bars, texts, locale }: Props) {
  const [all, setAll] = useState(false);
  if (bars.length === 0) return null;
  const most = Math.max(1, ...bars.map(({ bytes }) => bytes));
  const total = bars.reduce((sum, { bytes }) => sum + bytes, 0) || 1;
  const shown = all || bars.length <= atOnce + 1 ? bars : bars.slice(0, atOnce);
  return (
    <>
      <table class="room">
        <caption>{title}</caption>
        <thead class="unseen">
          <tr>
            <th scope="col">{texts.name}</th>
            <td />
            <th scope="col">{texts.size}</th>
            <th scope="col">{texts.share}</th>
            <th scope="col">{texts.files}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map(({ label, detail, bytes, size }) => (
            <tr key={label}>
              <th scope="row" title={label}>
                <Name text={label} />
              </th>
              <td class="bar-cell" aria-hidden="true">
                <span class="bar" style={{ width: `${(bytes / most) * 100}%` }} />
              </td>
              <td class="number">{size}</td>
              <td class="number muted">
                {(bytes / total).toLocaleString(locale, { style: 'percent', maximumFractionDigits: 1 })}
              </td>
              <td class="number muted">
                <Name text={detail} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {bars.length > shown.length && (
        <button type="button" class="flat" onClick={() => setAll(true)}>
          {`+ ${(bars.length - shown.length).toLocaleString(locale)}`}
        </button>
      )}
    </>
  );
}
