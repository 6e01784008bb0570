import type { ComponentChildren } from 'preact';
import type { ErrorFacts } from '../../shared/rpc';
import { Icon } from './text';

/** A failure in its place: what happened, why, and what to do next. */
export function Failure({ error, children }: { error: ErrorFacts; children?: ComponentChildren }) {
  return (
    <div class="notice" role="alert">
      <Icon name="error" />
      <div>
        <p>{error.what}</p>
        {error.why && <p class="muted">{error.why}</p>}
        {error.next && <p>{error.next}</p>}
        {children && <div class="buttons">{children}</div>}
      </div>
    </div>
  );
}

/** Nothing to show here, and why. */
export function Empty({ text, children }: { text: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <p>{text}</p>
      {children}
    </div>
  );
}

/** Something is being read. Shown after a moment, so that what comes at once does not flicker. */
export function Busy({ text }: { text: string }) {
  return (
    <p class="busy" role="status">
      <Icon name="loading codicon-modifier-spin" />
      {text}
    </p>
  );
}
