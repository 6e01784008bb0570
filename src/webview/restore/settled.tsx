import { Field } from '../components/field';
import { fill, Icon } from '../components/text';
import { without } from './draft';
import type { FormProps } from './form';

/** What was settled by pressing a fix; each can be taken back. */
export function Settled({ draft, change, texts }: FormProps) {
  const { createRoles, endSessions, withoutExtensions, ignoreRoom } = draft.request;
  const all = [
    ...(createRoles?.length
      ? [{ part: 'createRoles' as const, text: fill(texts.createRoles, createRoles.join(', ')) }]
      : []),
    ...(endSessions ? [{ part: 'endSessions' as const, text: texts.endSessions }] : []),
    ...(withoutExtensions?.length
      ? [
          {
            part: 'withoutExtensions' as const,
            text: fill(texts.withoutExtensions, withoutExtensions.join(', ')),
          },
        ]
      : []),
    ...(ignoreRoom ? [{ part: 'ignoreRoom' as const, text: texts.ignoreRoom }] : []),
  ];
  if (all.length === 0) return null;
  return (
    <Field label={texts.settled}>
      {all.map(({ part, text }) => (
        <div class="line" key={part}>
          <span>{text}</span>
          <button
            type="button"
            class="icon"
            aria-label={`${texts.remove}: ${text}`}
            title={texts.remove}
            onClick={() => change(without(draft, part))}
          >
            <Icon name="close" />
          </button>
        </div>
      ))}
    </Field>
  );
}
