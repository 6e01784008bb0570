import { Field, Radios } from '../components/field';
import type {
  RestoreDatabases,
  RestoreDraft,
  RestoreHost,
  RestoreSubject,
  RestoreTexts,
} from '../../shared/restorePage';
import { asking, without } from './draft';
import { Options } from './options';
import { Settled } from './settled';
import { What } from './what';
import { Where } from './where';

export interface FormProps {
  draft: RestoreDraft;
  change(draft: RestoreDraft): void;
  texts: RestoreTexts;
  subject: RestoreSubject;
  connections: Awaited<ReturnType<RestoreHost['ready']>>['connections'];
  /** Null while they are asked for. */
  databases: RestoreDatabases | null;
  onChoose(): void;
}

type Strategy = RestoreDraft['request']['strategy'];

/** Everything that can be said about a restore. */
export function RestoreForm(props: FormProps) {
  const { draft, change, texts, subject, databases } = props;
  const choose = (strategy: Strategy): void => {
    const names = databases?.databases.map(({ name }) => name) ?? [];
    const next = strategy === 'replace' ? without(draft, 'pick') : draft;
    change({
      ...asking(next, { strategy }),
      database: databaseFor(strategy, draft.database, names, databases?.free),
    });
  };
  const strategies: Strategy[] = subject.several ? ['new', 'in-place'] : ['new', 'replace', 'in-place'];
  return (
    <div class="form">
      <Where {...props} />
      <Field label={texts.how}>
        <Radios
          name="strategy"
          value={draft.request.strategy}
          choices={strategies.map((value) => ({ value, ...texts.strategies[value] }))}
          onChange={choose}
        />
      </Field>
      {!subject.several && <What {...props} />}
      <Options {...props} />
      <Settled {...props} />
    </div>
  );
}

/** A free name for a new database; else the one that was meant, where it is there. */
export function databaseFor(
  strategy: Strategy,
  meant: string,
  names: readonly string[],
  free: string | undefined,
): string {
  if (strategy === 'new') return names.includes(meant) ? (free ?? meant) : meant;
  if (names.includes(meant)) return meant;
  const original = names.find((name) => meant.startsWith(name));
  return original ?? names[0] ?? meant;
}
