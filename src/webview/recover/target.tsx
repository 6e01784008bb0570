import { useEffect, useRef, useState } from 'preact/hooks';
import { Check, Field, Select } from '../components/field';
import type { ClusterLine, RecoverDraft, RecoverTexts, TargetKind } from '../../shared/recoverPage';
import { reachOf, timeOf } from './scale';
import { shownTime, typedTime, zoneText } from './times';

interface Props {
  line: ClusterLine;
  draft: RecoverDraft;
  /** It begins where it stands, on its own timeline. */
  forward: boolean;
  texts: RecoverTexts;
  change(draft: RecoverDraft): void;
}

const kinds: readonly TargetKind[] = ['time', 'lsn', 'xid', 'name', 'immediate', 'latest'];

/** What moment, by what, from which backup and on which timeline. */
export function TargetFields({ line, draft, forward, texts, change }: Props) {
  const { target } = draft;
  const [typed, setTyped] = useState(valueOf(draft));
  const said = useRef('');
  const present = JSON.stringify(target);
  // What is typed stays as it was typed; only a target that was set elsewhere is written anew.
  useEffect(() => {
    if (present !== said.current) setTyped(valueOf(draft));
  }, [present]);
  const type = (text: string): void => {
    const next = withValue(target.kind, text);
    said.current = JSON.stringify(next);
    setTyped(text);
    change({ ...draft, target: next });
  };
  const turn = (kind: TargetKind): void => {
    const at = timeOf(line, draft) ?? reachOf(line)?.to ?? Date.now();
    const next = kind === 'time' ? new Date(at).toISOString() : '';
    change({ ...draft, target: withValue(kind, next) });
  };
  const hasValue = target.kind !== 'immediate' && target.kind !== 'latest';
  const at = target.kind === 'time' ? Date.parse(target.time) : Number.NaN;
  return (
    <>
      <Field label={texts.target}>
        <div class="line">
          <Select
            label={texts.target}
            value={target.kind}
            options={kinds
              .filter((kind) => !forward || kind !== 'immediate')
              .map((kind) => ({ value: kind, label: texts.kinds[kind] }))}
            onChange={(kind) => turn(kind as TargetKind)}
          />
          {hasValue && (
            <input
              type="text"
              class="value"
              spellcheck={false}
              aria-label={texts.value}
              placeholder={placeholders[target.kind]}
              value={typed}
              onInput={(event) => type(event.currentTarget.value)}
            />
          )}
          {!Number.isNaN(at) && <span class="muted">{zoneText(at)}</span>}
          {hasValue && (
            <Check
              label={texts.exclusive}
              checked={draft.exclusive}
              onChange={(exclusive) => change({ ...draft, exclusive })}
            />
          )}
        </div>
      </Field>
      {!forward && (
        <Field label={texts.from}>
          <div class="line">
            <Select
              label={texts.from}
              value={draft.from ?? ''}
              options={[
                { value: '', label: texts.newestBackup },
                ...line.marks
                  .filter(({ whole }) => whole)
                  .toReversed()
                  .map(({ where, label }) => ({ value: where, label })),
              ]}
              onChange={(from) => change({ ...draft, from: from || null })}
            />
            {line.timelines.length > 1 && (
              <Select
                label={texts.timeline}
                value={String(draft.timeline ?? '')}
                options={[
                  { value: '', label: texts.newestTimeline },
                  ...line.timelines.map(({ timeline }) => ({
                    value: String(timeline),
                    label: `${texts.timeline} ${timeline}`,
                  })),
                ]}
                onChange={(timeline) => change({ ...draft, timeline: timeline ? Number(timeline) : null })}
              />
            )}
          </div>
        </Field>
      )}
    </>
  );
}

const placeholders: Partial<Record<TargetKind, string>> = {
  time: '2026-11-30 14:05:00',
  lsn: '0/3000148',
  xid: '741',
  name: 'before_release',
};

/** As a field shows it. */
function valueOf({ target }: RecoverDraft): string {
  switch (target.kind) {
    case 'time':
      return shownTime(target.time);
    case 'lsn':
      return target.lsn;
    case 'xid':
      return target.xid;
    case 'name':
      return target.name;
    default:
      return '';
  }
}

function withValue(kind: TargetKind, text: string): RecoverDraft['target'] {
  switch (kind) {
    case 'time':
      return { kind, time: typedTime(text) };
    case 'lsn':
      return { kind, lsn: text.trim() };
    case 'xid':
      return { kind, xid: text.trim() };
    case 'name':
      return { kind, name: text };
    default:
      return { kind };
  }
}
