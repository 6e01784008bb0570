import type { PlanView as View } from '../../shared/planPage';
import type { PlanTexts } from '../../shared/planPage';
import { Command } from '../components/plan/command';
import { Facts } from '../components/plan/facts';
import { Steps } from '../components/plan/steps';

interface Props {
  view: View;
  texts: PlanTexts;
  onRun(): void;
  onCopy(text: string): Promise<void>;
}

/** What will run, before it runs: the exact commands, and everything a careful person checks first. */
export function PlanView({ view, texts, onRun, onCopy }: Props) {
  return (
    <main>
      <header>
        <div>
          <h1>{view.title}</h1>
          <p class="muted">{view.subtitle}</p>
        </div>
        <div class="actions">
          <button class="primary" onClick={onRun}>
            <span class="codicon codicon-play" aria-hidden="true" />
            {texts.run}
          </button>
        </div>
      </header>
      <h2>{texts.steps}</h2>
      <Steps steps={view.steps} commands texts={texts} onCopy={onCopy} />
      <div class="facts">
        <Facts
          title={texts.destroys}
          lines={view.destroys.length ? view.destroys : [texts.nothingLost]}
          icon={view.destroys.length ? 'warning' : 'check'}
        />
        {view.wayBack !== null && <Facts title={texts.wayBack} lines={[view.wayBack]} icon="discard" />}
        <Facts
          title={texts.warnings}
          lines={view.warnings.length ? view.warnings.map(({ text }) => text) : [texts.noWarnings]}
          icon={view.warnings.length ? 'warning' : 'check'}
        />
        <Facts title={texts.files} lines={view.files} kind="path" />
        <Facts title={texts.room} lines={view.room} />
        <Facts title={texts.locks} lines={view.locks} />
      </div>
      {view.commandLine !== null && (
        <>
          <h2>{texts.commandLine}</h2>
          <Command text={view.commandLine} texts={texts} onCopy={onCopy} />
        </>
      )}
    </main>
  );
}
