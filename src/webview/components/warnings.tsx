import { Icon, Name } from './text';

interface Warning<A> {
  kind: 'error' | 'warning' | 'info';
  text: string;
  details: string[];
  /** What can be done about it. */
  action?: { id: A; label: string } | undefined;
}

interface Props<A> {
  warnings: readonly Warning<A>[];
  texts: { warnings: string; details: string };
  onAct?(action: A): void;
}

/** What to look out for, below a page's head; long ones unfold. */
export function Warnings<A>({ warnings, texts, onAct }: Props<A>) {
  if (warnings.length === 0) return null;
  return (
    <ul class="warnings" aria-label={texts.warnings}>
      {warnings.map(({ kind, text, details, action }) => (
        <li key={text}>
          <Icon name={kind} />
          <div>
            <p>
              <Name text={text} />
            </p>
            {details.length > 0 && (
              <details>
                <summary>{`${texts.details} (${details.length})`}</summary>
                <ul>
                  {details.map((detail, index) => (
                    <li key={index}>
                      <Name text={detail} />
                    </li>
                  ))}
                </ul>
              </details>
            )}
          </div>
          {action && (
            <button type="button" onClick={() => onAct?.(action.id)}>
              {action.label}
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}
