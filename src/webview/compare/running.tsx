import type { CompareTexts, RunningView } from '../../shared/comparePage';
import { Icon, Name } from '../components/text';
import type { Host } from './compareView';

/** A comparison that is being made: how far it is, and the way out. */
export function Running({ view, texts, host }: { view: RunningView; texts: CompareTexts; host: Host }) {
  const { title, fraction, what } = view;
  return (
    <main class="compare running">
      <h1>
        <Icon name="loading codicon-modifier-spin" />
        <Name text={title} />
      </h1>
      <progress aria-label={title} {...(fraction === null ? {} : { value: fraction, max: 1 })} />
      <p role="status">
        {fraction !== null && <strong>{Math.floor(fraction * 100)} % </strong>}
        <Name text={what} />
      </p>
      <p class="muted">{texts.running}</p>
      <button type="button" onClick={() => void host.call('cancel', null)}>
        {texts.cancel}
      </button>
    </main>
  );
}
