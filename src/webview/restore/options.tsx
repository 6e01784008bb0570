import { useState } from 'preact/hooks';
import { Check, Field, Select } from '../components/field';
import { Icon } from '../components/text';
import { asking, nameKinds, renaming, withOption, type NameKind } from './draft';
import type { FormProps } from './form';

/** What is left out, other names, and what is kept before. */
export function Options(props: FormProps) {
  const { draft, change, texts, subject } = props;
  const { options = {}, tolerant, strategy, safety, rename, rehearse } = draft.request;
  const option = (name: string, label: string) => (
    <Check
      label={label}
      checked={options[name] === true}
      onChange={(on) => change(withOption(draft, name, on))}
    />
  );
  const open =
    tolerant || rehearse || safety !== undefined || rename !== undefined || Object.keys(options).length > 0;
  return (
    <Field label={texts.options}>
      <details class="options" open={open}>
        <summary>{texts.options}</summary>
        {option('no-owner', texts.noOwner)}
        {option('no-privileges', texts.noPrivileges)}
        {option('schema-only', texts.definitionsOnly)}
        {strategy === 'replace' && (
          <Check
            label={texts.checkFirst}
            checked={Boolean(rehearse)}
            onChange={(on) => change(asking(draft, { rehearse: on }))}
          />
        )}
        {strategy !== 'replace' && (
          <Check
            label={texts.tolerant}
            checked={Boolean(tolerant)}
            onChange={(on) => change(asking(draft, { tolerant: on }))}
          />
        )}
        {strategy === 'in-place' && (
          <div class="line">
            <span>{texts.safety}</span>
            <Select
              label={texts.safety}
              value={safety ?? 'auto'}
              options={(['auto', 'clone', 'dump', 'none'] as const).map((value) => ({
                value,
                label: texts.safeties[value],
              }))}
              onChange={(value) => change(asking(draft, { safety: value as 'auto' }))}
            />
          </div>
        )}
        {!subject.several && <OtherNames {...props} />}
      </details>
    </Field>
  );
}

/** Other names for schemas, owners and tablespaces. */
function OtherNames({ draft, change, texts, subject }: FormProps) {
  const [kind, setKind] = useState<NameKind>('schemas');
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const names = subject[kind];
  const chosen = names.includes(from) ? from : (names[0] ?? '');
  const kinds = nameKinds.filter((one) => subject[one].length > 0);
  const add = (): void => {
    if (!to || !chosen) return;
    change(renaming(draft, kind, chosen, to));
    setTo('');
  };
  return (
    <div role="group" aria-label={texts.otherNames}>
      <p>{texts.otherNames}</p>
      {kinds.flatMap((one) =>
        Object.entries(draft.request.rename?.[one] ?? {}).map(([old, name]) => (
          <div class="line" key={`${one} ${old}`}>
            <span>
              {texts.kinds[one]} {old} → {name}
            </span>
            <button
              type="button"
              class="icon"
              aria-label={`${texts.remove} ${old}`}
              title={texts.remove}
              onClick={() => change(renaming(draft, one, old, null))}
            >
              <Icon name="close" />
            </button>
          </div>
        )),
      )}
      <div class="line">
        <Select
          label={texts.otherNames}
          value={kind}
          options={kinds.map((one) => ({ value: one, label: texts.kinds[one] }))}
          onChange={(value) => setKind(value as NameKind)}
        />
        <Select
          label={texts.kinds[kind]}
          value={chosen}
          options={names.map((name) => ({ value: name, label: name }))}
          onChange={setFrom}
        />
        <input
          type="text"
          spellcheck={false}
          placeholder={texts.newName}
          aria-label={texts.newName}
          value={to}
          onInput={(event) => setTo(event.currentTarget.value)}
          onKeyDown={(event) => event.key === 'Enter' && add()}
        />
        <button type="button" disabled={!to} onClick={add}>
          {texts.addName}
        </button>
      </div>
    </div>
  );
}
