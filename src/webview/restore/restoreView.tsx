import { useEffect, useRef, useState } from 'preact/hooks';
import { useAttempt } from '../components/useAttempt';
import { useCall } from '../components/useCall';
import { Failure } from '../components/notice';
import { LivePlan } from '../components/plan/livePlan';
import { Icon } from '../components/text';
import type { Rpc } from '../../shared/rpc';
import type {
  PlanView,
  RestoreDraft,
  RestoreHost,
  RestorePage,
  RestoreSubject,
} from '../../shared/restorePage';
import { databaseFor, RestoreForm } from './form';

interface Props {
  host: Pick<Rpc<RestorePage, RestoreHost>, 'call'>;
  first: Awaited<ReturnType<RestoreHost['ready']>>;
  ticked: RestoreSubject['ticked'];
}

/** Typing is not planned with every key. */
const pauseMs = 250;

/** One page that holds everything about a restore, and shows what it would do while it is being said. */
export function RestoreView({ host, first, ticked }: Props) {
  const { texts, connections } = first;
  const subject = { ...first.subject, ticked };
  const [draft, setDraft] = useState(first.draft);
  const [commands, setCommands] = useState(false);
  const { failure, starting, attempt, forget } = useAttempt();
  const databases = useCall(draft.connection || null, (signal) =>
    host.call('databases', draft.connection, signal),
  );
  const isComplete = draft.connection !== '' && (subject.several || draft.database !== '');
  const plan = useCall(
    isComplete ? JSON.stringify(draft) : null,
    (signal) => host.call('plan', draft, signal),
    pauseMs,
  );
  // What was planned last stays in sight, so that the page does not jump.
  const last = useRef<PlanView | null>(null);
  if (plan.value || plan.error) last.current = plan.value;
  useEffect(() => {
    if (!databases.value || subject.several) return;
    const names = databases.value.databases.map(({ name }) => name);
    const database = databaseFor(draft.request.strategy, draft.database, names, databases.value.free);
    if (database !== draft.database) setDraft({ ...draft, database });
  }, [databases.value]);
  useEffect(() => {
    if (ticked && draft.request.pick)
      setDraft({
        ...draft,
        request: { ...draft.request, pick: { ...draft.request.pick, entries: ticked.entries } },
      });
  }, [ticked]);
  const blocked = plan.value?.warnings.some(({ blocks }) => blocks) ?? true;
  const change = (next: RestoreDraft): void => {
    forget();
    setDraft(next);
  };
  return (
    <main>
      <header>
        <div>
          <h1>{subject.title}</h1>
          <p class="muted">{subject.facts.join(' · ')}</p>
        </div>
        <div class="actions">
          <button
            type="button"
            class="primary"
            disabled={!plan.value || blocked || starting}
            onClick={() => attempt(() => host.call('run', draft))}
          >
            <Icon name="play" />
            {texts.restore}
          </button>
          {!subject.several && (
            <button
              type="button"
              disabled={!isComplete || starting}
              onClick={() => attempt(() => host.call('rehearse', draft))}
            >
              {texts.rehearse}
            </button>
          )}
          {!subject.several && draft.request.strategy !== 'new' && (
            <button
              type="button"
              disabled={!isComplete || starting}
              onClick={() => attempt(() => host.call('compare', draft))}
            >
              {texts.compare}
            </button>
          )}
          <button type="button" aria-pressed={commands} onClick={() => setCommands(!commands)}>
            {commands ? texts.hideCommands : texts.showCommands}
          </button>
        </div>
      </header>
      {connections.length === 0 && <p>{texts.noConnection}</p>}
      <RestoreForm
        {...{ draft, change, texts, subject, connections }}
        databases={databases.value}
        onChoose={() => void host.call('choose', null)}
      />
      {failure && <Failure error={failure} />}
      {databases.error && <Failure error={databases.error} />}
      <LivePlan
        view={plan.value ?? last.current}
        error={plan.error}
        busy={plan.busy}
        commands={commands}
        texts={texts}
        onFix={(set) => attempt(async () => setDraft(await host.call('settle', { draft, set })))}
        onCopy={(text) => host.call('copy', text)}
      />
    </main>
  );
}
