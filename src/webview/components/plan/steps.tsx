import type { PlanTexts, PlanView } from '../../../shared/planPage';
import { Command } from './command';

interface Props {
  steps: PlanView['steps'];
  /** What runs, word for word. */
  commands: boolean;
  /** Heading of the reasons for a program; absent: they are not shown. */
  why?: string;
  texts: PlanTexts;
  onCopy(text: string): Promise<void>;
}

/** What will happen, in order. */
export function Steps({ steps, commands, why, texts, onCopy }: Props) {
  return (
    <ol class="steps">
      {steps.map(({ title, command, reasons }, index) => (
        <li class="step" key={index}>
          <span class="number" aria-hidden="true">
            {index + 1}
          </span>
          <div>
            <h3>{title}</h3>
            {commands && command !== null && <Command text={command} texts={texts} onCopy={onCopy} />}
            {why !== undefined && reasons.length > 0 && (
              <details class="reasons">
                <summary>{reasons[0]}</summary>
                <p class="muted">{[why, ...reasons.slice(1)].join(' ')}</p>
              </details>
            )}
          </div>
        </li>
      ))}
    </ol>
  );
}
