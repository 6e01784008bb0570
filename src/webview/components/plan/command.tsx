import { Fragment } from 'preact';
import { useState } from 'preact/hooks';
import type { PlanTexts } from '../../../shared/planPage';

interface Props {
  text: string;
  texts: Pick<PlanTexts, 'copied' | 'copyCommand'>;
  onCopy(text: string): Promise<void>;
}

/** A command word for word, with a button that copies it. */
export function Command({ text, texts, onCopy }: Props) {
  const [copied, setCopied] = useState(false);
  const label = copied ? texts.copied : texts.copyCommand;
  return (
    <div class="command">
      <pre>
        {text.split(/(?<=\s)/).map((word, index) => (
          <Fragment key={index}>
            <span class="word">{word.replace(/\n$/, '')}</span>
            {/* Inside of a word, which is a block, the end of a line would not be one. */}
            {word.endsWith('\n') && '\n'}
          </Fragment>
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
