import { useEffect, useRef, useState } from 'preact/hooks';
import { Field, Select } from '../components/field';
import { Empty, Failure } from '../components/notice';
import { LivePlan } from '../components/plan/livePlan';
import { fill, Icon } from '../components/text';
import { useAttempt } from '../components/useAttempt';
import { useCall } from '../components/useCall';
import type {
  ClusterLine,
  ErrorFacts,
  EventLine,
  Mark,
  PlanView,
  Reached,
  RecoverDraft,
  RecoverHost,
  RecoverPage,
} from '../../shared/recoverPage';
import type { Rpc } from '../../shared/rpc';
import { EventList, type Look } from './eventList';
import { Into, isPort } from './into';
import { reachOf, timeOf } from './scale';
import { TargetFields } from './target';
import { TimeLine } from './timeLine';
import { withLocalTimes } from './times';

interface Props {
  host: Pick<Rpc<RecoverPage, RecoverHost>, 'call'>;
  first: Awaited<ReturnType<RecoverHost['ready']>>;
  /** How far the look into the WAL has come. */
  share: number | null;
  /** Counts how often what lies in the folders has changed. */
  changes: number;
}

/** Typing is not planned with every key. */
const pauseMs = 250;

/** One page for a recovery: what can be reached, the target, and what it would do while it is being said. */
export function RecoverView({ host, first, share, changes }: Props) {
  const { texts, locale, forward } = first;
  const [clusters, setClusters] = useState(first.clusters);
  const [draft, setDraft] = useState(first.draft);
  const [commands, setCommands] = useState(false);
  const { failure, starting, attempt, forget } = useAttempt();
  const [look, setLook] = useState<(Look & { at: number }) | null>(null);
  const line = clusters.find(({ key }) => key === draft.cluster) ?? null;
  const reached = useCall(
    line && key(clusters, draft),
    (signal) => host.call('reach', draft, signal),
    pauseMs,
  );
  const isComplete =
    line !== null && draft.directory.trim() !== '' && isPort(draft.port) && draft.user !== '';
  const plan = useCall(isComplete && reached.value?.text != null ? key(clusters, draft) : null, (signal) =>
    host.call('plan', draft, signal),
  );
  const found = useCall(look && JSON.stringify(look), (signal) => {
    const { aroundMs, onlyLosses, at } = look!;
    const iso = (ms: number): string => new Date(ms).toISOString();
    const { cluster, timeline } = draft;
    return host.call(
      'events',
      { cluster, timeline, onlyLosses, from: iso(at - aroundMs), to: iso(at + aroundMs) },
      signal,
    );
  });
  // What was answered last stays in sight, so that the page does not jump.
  const last = useRef<{ plan: PlanView | null; reached: Reached | null }>({ plan: null, reached: null });
  if (reached.value) last.current.reached = reached.value;
  if (plan.value || plan.error || reached.value?.error) last.current.plan = plan.value;
  const answer = reached.value ?? last.current.reached;
  const change = (next: RecoverDraft): void => {
    forget();
    // Another target is no longer what was chosen in the list.
    setDraft(next.target === draft.target || next.called !== draft.called ? next : { ...next, called: null });
  };
  // Another cluster's backups, timelines and events are others.
  const turnTo = (cluster: string): void => {
    setLook(null);
    change({ ...draft, cluster, from: null, timeline: null, tablespaces: {} });
  };
  useEffect(() => {
    if (line || clusters.length === 0) return;
    turnTo(clusters[0]!.key);
  }, [clusters]);
  const toTime = (ms: number): void =>
    change({ ...draft, target: { kind: 'time', time: new Date(ms).toISOString() } });
  const toMark = ({ where }: Mark): void => {
    // A cluster that is moved on begins with itself.
    if (forward) return;
    change({ ...draft, target: { kind: 'immediate' }, exclusive: false, from: where, timeline: null });
  };
  const take = ({ kind, lsn, timeline, label }: EventLine): void =>
    change({
      ...draft,
      target: { kind: 'lsn', lsn },
      // A place that was named is gone to; a commit is left out.
      exclusive: kind !== 'name',
      called: kind === 'commit' ? null : label,
      ...(forward ? {} : { from: null, timeline: line && line.timelines.length > 1 ? timeline : null }),
    });
  const refresh = (): void => attempt(async () => setClusters(await host.call('refresh', null)));
  useEffect(() => {
    if (changes > 0) refresh();
  }, [changes]);
  const chooseWal = (): void =>
    attempt(async () => {
      const read = await host.call('chooseWal', draft.cluster);
      if (read) setClusters(read);
    });
  const blocked = plan.value?.warnings.some(({ blocks }) => blocks) ?? true;
  return (
    <main>
      <header>
        <div>
          <h1>{line?.title ?? texts.recover}</h1>
          {line && (
            <p class="muted">
              {line.facts.map((fact) => `${fact} · `).join('')}
              <span class="in-words">{line.window}</span>
            </p>
          )}
        </div>
        <div class="actions">
          <button
            type="button"
            class="primary"
            disabled={!plan.value || blocked || starting}
            onClick={() => attempt(() => host.call('run', draft))}
          >
            <Icon name="play" />
            {texts.recover}
          </button>
          <button type="button" aria-pressed={commands} onClick={() => setCommands(!commands)}>
            {commands ? texts.hideCommands : texts.showCommands}
          </button>
          <button
            type="button"
            class="icon"
            title={texts.refresh}
            aria-label={texts.refresh}
            onClick={refresh}
          >
            <Icon name="refresh" />
          </button>
        </div>
      </header>
      {clusters.length === 0 && <Empty text={texts.nothingHere} />}
      {line && (
        <>
          <TimeLine
            {...{ line, draft, texts, locale, onMark: toMark, onTime: toTime }}
            events={found.value?.events ?? []}
          />
          <div class="form">
            {clusters.length > 1 && !forward && (
              <Field label={texts.cluster}>
                <Select
                  label={texts.cluster}
                  value={draft.cluster}
                  options={clusters.map(({ key: value, title }) => ({ value, label: title }))}
                  onChange={turnTo}
                />
              </Field>
            )}
            <Field label={texts.wal}>
              <div class="line">
                <span class={line.wal === null ? 'muted' : 'path'}>{line.wal ?? texts.noWal}</span>
                {!forward && (
                  <button type="button" onClick={chooseWal}>
                    {texts.chooseWal}
                  </button>
                )}
              </div>
            </Field>
            <TargetFields {...{ line, draft, forward, texts, change }} />
            <Answer
              {...{ answer, texts }}
              busy={reached.busy}
              error={reached.error}
              onTake={(set) => change({ ...draft, ...set })}
            />
            <EventList
              {...{ found, share, texts }}
              {...(line.wal === null
                ? {}
                : {
                    onLook: (asked: Look) =>
                      setLook({ ...asked, at: timeOf(line, draft) ?? reachOf(line)?.to ?? Date.now() }),
                  })}
              onStop={() => setLook(null)}
              onTake={take}
            />
            {!forward && (
              <Into
                {...{ draft, texts, change }}
                tablespaces={answer?.tablespaces ?? []}
                onBrowse={() =>
                  attempt(async () => {
                    const directory = await host.call('browse', draft.directory);
                    if (directory !== null) change({ ...draft, directory });
                  })
                }
              />
            )}
          </div>
          {failure && <Failure error={failure} />}
          <LivePlan
            view={plan.value ?? last.current.plan}
            error={plan.error}
            busy={plan.busy}
            commands={commands}
            texts={texts}
            onCopy={(text) => host.call('copy', text)}
          />
        </>
      )}
      {!line && failure && <Failure error={failure} />}
    </main>
  );
}

/** What answers are about: they are asked for anew when folders were read anew, too. */
function key(clusters: ClusterLine[], draft: RecoverDraft): string {
  const line = clusters.find(({ key: own }) => own === draft.cluster);
  return JSON.stringify([draft, line?.wal, line?.window]);
}

interface AnswerProps {
  answer: Reached | null;
  error: ErrorFacts | null;
  busy: boolean;
  texts: Props['first']['texts'];
  onTake(set: Partial<RecoverDraft>): void;
}

/** Whether the target can be reached; where not, the nearest that can, to be taken by a press. */
function Answer({ answer, error, busy, texts, onTake }: AnswerProps) {
  const refused = error ?? answer?.error ?? null;
  return (
    <Field label={texts.reach}>
      <div class={busy ? 'answer stale' : 'answer'} aria-live="polite" aria-busy={busy}>
        {refused ? (
          <Failure error={inLocalTime(refused)}>
            {answer?.nearest.map(({ label, set }) => (
              <button type="button" key={label} onClick={() => onTake(set)}>
                {label}
              </button>
            ))}
          </Failure>
        ) : (
          answer?.text != null && (
            <p class="reachable">
              <Icon name="pass" />
              {fill(texts.reachable, answer.text)}
            </p>
          )
        )}
      </div>
    </Field>
  );
}

function inLocalTime(error: ErrorFacts): ErrorFacts {
  const { what, why, next } = error;
  return { ...error, what: withLocalTimes(what), why: withLocalTimes(why), next: withLocalTimes(next) };
}
