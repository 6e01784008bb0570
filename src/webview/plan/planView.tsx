import { useState } from 'preact/hooks';
import type { PlanView as View } from '../../shared/planPage';
import type { PlanTexts } from '../../shared/planPage';

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
      <ol>
        {view.steps.map((step, index) => (
          <li class="step" key={index}>
            <span class="number" aria-hidden="true">
              {index + 1}
            </span>
            <div>
              <h3>{step.title}</h3>
              {step.command !== null && <Command text={step.command} texts={texts} onCopy={onCopy} />}
            </div>
          </li>
        ))}
      </ol>
      <div class="facts">
        <Facts
          title={texts.destroys}
          lines={view.destroys.length ? view.destroys : [texts.nothingLost]}
          icon={view.destroys.length ? 'warning' : 'check'}
        />
        {view.wayBack !== null && <Facts title={texts.wayBack} lines={[view.wayBack]} icon="discard" />}
        <Facts
          title={texts.warnings}
          lines={view.warnings.length ? view.warnings : [texts.noWarnings]}
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

interface FactsProps {
  title: string;
  lines: string[];
  icon?: string;
  kind?: 'path';
}

function Facts({ title, lines, icon, kind }: FactsProps) {
  if (lines.length === 0) return null;
  return (
    <section aria-label={title}>
      <h2>{title}</h2>
      <ul>
        {lines.map((line) => (
          <li key={line} class={kind}>
            {icon && <span class={`codicon codicon-${icon}`} aria-hidden="true" />}
            <span>{line}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Command({ text, texts, onCopy }: { text: string; texts: PlanTexts; onCopy: Props['onCopy'] }) {
  const [copied, setCopied] = useState(false);
  const label = copied ? texts.copied : texts.copyCommand;
  return (
    <div class="command">
      <pre>
        {text.split(/(?<=\s)/).map((word, index) => (
          <span class="word" key={index}>
            {word}
          </span>
        ))}
      </pre>
      <button
        class="icon"
        title={label}
        aria-label={label}
        onClick={() => void onCopy(text).then(() => setCopied(true))}
        onBlur={() => setCopied(false)}
      >
        <span class={`codicon codicon-${copied ? 'check' : 'copy'}`} aria-hidden="true" />
      </button>
    </div>
  );
}
