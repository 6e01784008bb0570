import type { ComponentChildren } from 'preact';
import { Icon } from '../text';

interface Props {
  title: string;
  icon?: string;
  kind?: 'path';
  lines: (string | { text: string; icon?: string; more?: ComponentChildren })[];
}

/** What a careful person looks at, under a heading; nothing when there is nothing to say. */
export function Facts({ title, lines, icon, kind }: Props) {
  if (lines.length === 0) return null;
  return (
    <section aria-label={title}>
      <h2>{title}</h2>
      <ul>
        {lines.map((line) => {
          const { text, icon: own = icon, more } = typeof line === 'string' ? { text: line } : line;
          return (
            <li key={text} class={kind}>
              {own && <Icon name={own} />}
              <span>
                {text}
                {more}
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
