import { Check, Field, Radios } from '../components/field';
import { fill } from '../components/text';
import { asking, without } from './draft';
import type { FormProps } from './form';

const shown = 12;

/** Everything, or what was ticked in the contents; and what becomes of what is there. */
export function What({ draft, change, texts, subject, onChoose }: FormProps) {
  const { pick, strategy } = draft.request;
  const { ticked } = subject;
  const names = ticked?.names ?? [];
  const below = pick && (
    <>
      <p class="muted names">
        {[...names.slice(0, shown), ...(names.length > shown ? ['…'] : [])].join(', ')}
      </p>
      <Check
        label={texts.rows}
        checked={pick.rows !== false}
        onChange={(rows) => change(asking(draft, { pick: { ...pick, rows } }))}
      />
      <Check
        label={texts.needed}
        checked={pick.dependencies !== false}
        onChange={(dependencies) => change(asking(draft, { pick: { ...pick, dependencies } }))}
      />
      {strategy === 'in-place' && (
        <div role="group" aria-label={texts.existing}>
          <p>{texts.existing}</p>
          <Radios
            name="existing"
            value={pick.existing ?? 'add'}
            choices={(['add', 'replace', 'beside'] as const).map((value) => ({
              value,
              label: texts.existings[value],
            }))}
            onChange={(existing) => change(asking(draft, { pick: { ...pick, existing } }))}
          />
        </div>
      )}
    </>
  );
  return (
    <Field label={texts.what}>
      <Radios
        name="what"
        value={pick ? 'ticked' : 'everything'}
        choices={[
          { value: 'everything', label: texts.everything },
          {
            value: 'ticked',
            label: fill(texts.onlyTicked, names.length),
            disabled: !ticked || strategy === 'replace',
            below,
          },
        ]}
        onChange={(what) =>
          change(
            what === 'ticked' && ticked
              ? asking(draft, { pick: { entries: ticked.entries } })
              : without(draft, 'pick'),
          )
        }
      />
      <div class="line nested">
        <button type="button" onClick={onChoose}>
          {texts.tick}
        </button>
      </div>
    </Field>
  );
}
