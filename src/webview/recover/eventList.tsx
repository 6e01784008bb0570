import { useState } from 'preact/hooks';
import { Check, Field, Select } from '../components/field';
import { Failure } from '../components/notice';
import { fill, Icon } from '../components/text';
import type { EventLine, FoundEvents, RecoverTexts } from '../../shared/recoverPage';
import type { Called } from '../components/useCall';
import { shownTime } from './times';

/** What is looked for. */
export interface Look {
  /** Milliseconds before and after the target. */
  aroundMs: number;
  onlyLosses: boolean;
}

interface Props {
  found: Called<FoundEvents>;
  /** How far the look has come, 0 … 1. */
  share: number | null;
  texts: RecoverTexts;
  /** Absent: there is no WAL to look into. */
  onLook?(look: Look): void;
  onStop(): void;
  onTake(event: EventLine): void;
}

/** Commits and what loses rows near the target: choosing one recovers to just before it. */
export function EventList({ found, share, texts, onLook, onStop, onTake }: Props) {
  const [minutes, setMinutes] = useState(texts.spans[0]?.minutes ?? 1);
  const [onlyLosses, setOnlyLosses] = useState(true);
  const { value, error, busy } = found;
  return (
    <Field label={texts.before}>
      <div class="line">
        <Select
          label={texts.around}
          value={String(minutes)}
          options={texts.spans.map((span) => ({ value: String(span.minutes), label: span.label }))}
          onChange={(chosen) => setMinutes(Number(chosen))}
        />
        <Check label={texts.onlyLosses} checked={onlyLosses} onChange={setOnlyLosses} />
        {busy ? (
          <>
            <button type="button" onClick={onStop}>
              {texts.stop}
            </button>
            <progress aria-label={texts.looking} {...(share === null ? {} : { value: share })} />
          </>
        ) : (
          <button
            type="button"
            disabled={!onLook}
            onClick={() => onLook?.({ aroundMs: minutes * 60_000, onlyLosses })}
          >
            <Icon name="search" />
            {texts.look}
          </button>
        )}
      </div>
      {error && <Failure error={error} />}
      {value && value.events.length === 0 && <p class="muted">{texts.noEvents}</p>}
      {value && value.events.length > 0 && (
        <ul class="found-events" aria-label={texts.before}>
          {value.cut && <li class="muted">{texts.cut}</li>}
          {value.events.map((event) => (
            <li key={event.lsn}>
              <button
                type="button"
                class="link"
                aria-label={fill(texts.takeEvent, `${event.label}, ${shownTime(event.time)}`)}
                title={fill(texts.takeEvent, event.label)}
                onClick={() => onTake(event)}
              >
                <span class="number">{shownTime(event.time)}</span>
                <Icon name={icons[event.kind]} />
                <span class="event-label">{event.label}</span>
              </button>
              <span class="muted">{event.detail}</span>
            </li>
          ))}
        </ul>
      )}
    </Field>
  );
}

const icons = { loss: 'trash', commit: 'git-commit', name: 'bookmark' } as const;
