import type { ArchivingTexts, ArchivingView } from '../../shared/archivingPage';
import { Icon, Name } from '../components/text';

/** Labels with their values. */
export function Lines({ lines }: { lines: readonly (readonly [string, string])[] }) {
  return (
    <dl>
      {lines.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

interface NoticesProps {
  notices: ArchivingView['notices'];
  texts: ArchivingTexts;
}

/** What a person should know, the worst first; told by sign and word, not by colour alone. */
export function Notices({ notices, texts }: NoticesProps) {
  if (!notices.length) return null;
  return (
    <ul class="notices">
      {notices.map(({ level, text, next }) => (
        <li key={text}>
          <span class={`codicon codicon-${level}`} role="img" aria-label={texts.levels[level]} />
          <span>
            {text}
            {next && <span class="muted"> {next}</span>}
          </span>
        </li>
      ))}
    </ul>
  );
}

interface SlotsProps {
  slots: ArchivingView['slots'];
  texts: ArchivingTexts;
}

export function Slots({ slots, texts }: SlotsProps) {
  if (!slots.length) return <p class="muted">{texts.noSlots}</p>;
  return (
    <table class="cells">
      <thead>
        <tr>
          <th scope="col">{texts.slot}</th>
          <th scope="col">{texts.use}</th>
          <th scope="col" class="number">
            {texts.held}
          </th>
          <th scope="col">{texts.status}</th>
        </tr>
      </thead>
      <tbody>
        {slots.map(({ name, use, held, status, warning }) => (
          <tr key={name}>
            <th scope="row">
              {warning && <Icon name={warning.level} />}
              <Name text={name} />
            </th>
            <td>{use}</td>
            <td class="number">{held}</td>
            <td>{status}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
