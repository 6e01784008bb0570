import type { Found, HistoryTexts } from '../../shared/historyPage';
import { Name } from '../components/text';

interface Props {
  found: Found;
  texts: HistoryTexts;
  /** Shows what changed between two backups, by their paths. */
  onChange?(left: string, right: string): void;
}

/** In which backups something is: a sentence, then each of them. */
export function FoundList({ found: { span, backups }, texts, onChange }: Props) {
  return (
    <div role="status">
      <p class="span">{span}</p>
      <ul class="found">
        {backups.map(({ path, when, part, state, changed, text }, index) => {
          const before = backups.slice(0, index).findLast((one) => one.state === 'found');
          return (
            <li key={path}>
              {when}: {texts.states[state]}
              {changed && ' '}
              {changed &&
                (onChange && before ? (
                  <button
                    type="button"
                    class="link"
                    title={texts.showChange}
                    onClick={() => onChange(before.path, path)}
                  >
                    {texts.changed}
                  </button>
                ) : (
                  <strong>{texts.changed}</strong>
                ))}{' '}
              <span class="muted">
                <Name text={text} />
                {part && state !== 'found' && ` (${texts.part})`}
              </span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
