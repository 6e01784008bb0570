import type { LivePlanTexts, PlanView } from '../../../shared/planPage';
import type { ErrorFacts } from '../../../shared/rpc';
import { Busy, Failure } from '../notice';
import { Command } from './command';
import { Facts } from './facts';
import { Steps } from './steps';

interface Props {
  view: PlanView | null;
  error: ErrorFacts | null;
  busy: boolean;
  commands: boolean;
  texts: LivePlanTexts;
  /** Absent: plans here have nothing that a press could settle. */
  onFix?(set: Record<string, unknown>): void;
  onCopy(text: string): Promise<void>;
}

/** The plan as it stands: it changes with every answer. */
export function LivePlan({ view, error, busy, commands, texts, onFix, onCopy }: Props) {
  if (error) return <Failure error={error} />;
  if (!view) return busy ? <Busy text={texts.planning} /> : null;
  const told = (icon: (blocks: boolean) => string, all: PlanView['warnings']) =>
    all.map(({ text, blocks, fixes = [] }) => ({
      text,
      icon: icon(Boolean(blocks)),
      more: onFix && fixes.length > 0 && (
        <span class="fixes">
          {fixes.map(({ id, label, set }) => (
            <button type="button" key={id} onClick={() => onFix(set)}>
              {label}
            </button>
          ))}
        </span>
      ),
    }));
  return (
    <div class={busy ? 'plan stale' : 'plan'} aria-busy={busy}>
      <div class="facts">
        <Facts
          title={texts.warnings}
          lines={
            view.warnings.length
              ? told((blocks) => (blocks ? 'error' : 'warning'), view.warnings)
              : [{ text: texts.noWarnings, icon: 'check' }]
          }
        />
        <Facts
          title={texts.destroys}
          lines={view.destroys.length ? view.destroys : [texts.nothingLost]}
          icon={view.destroys.length ? 'warning' : 'check'}
        />
        {view.wayBack !== null && <Facts title={texts.wayBack} lines={[view.wayBack]} icon="discard" />}
        {view.ifItFails !== null && <Facts title={texts.ifItFails} lines={[view.ifItFails]} icon="shield" />}
        <Facts title={texts.fine} lines={told(() => 'check', view.checked)} />
        <Facts title={texts.room} lines={view.room} icon="dashboard" />
      </div>
      <h2>{texts.steps}</h2>
      <Steps steps={view.steps} commands={commands} why={texts.why} texts={texts} onCopy={onCopy} />
      <div class="facts">
        <Facts title={texts.files} lines={view.files} kind="path" />
        <Facts title={texts.locks} lines={view.locks} icon="lock" />
      </div>
      {commands && view.commandLine !== null && (
        <>
          <h2>{texts.commandLine}</h2>
          <Command text={view.commandLine} texts={texts} onCopy={onCopy} />
        </>
      )}
    </div>
  );
}
