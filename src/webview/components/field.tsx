import type { ComponentChildren } from 'preact';

/** A label with the fields it is about. */
export function Field({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    <div class="field" role="group" aria-label={label}>
      <span class="legend" aria-hidden="true">
        {label}
      </span>
      <div>{children}</div>
    </div>
  );
}

interface RadiosProps<V extends string> {
  name: string;
  value: V;
  choices: readonly {
    value: V;
    label: string;
    detail?: string;
    disabled?: boolean;
    below?: ComponentChildren;
  }[];
  onChange(value: V): void;
}

/** One of a few, all of them seen. */
export function Radios<V extends string>({ name, value, choices, onChange }: RadiosProps<V>) {
  return (
    <fieldset role="radiogroup">
      {choices.map((choice) => (
        <div key={choice.value}>
          <label class="choice">
            <input
              type="radio"
              name={name}
              value={choice.value}
              checked={choice.value === value}
              disabled={choice.disabled}
              onChange={() => onChange(choice.value)}
            />
            <span>
              {choice.label}
              {choice.detail && <span class="muted">{choice.detail}</span>}
            </span>
          </label>
          {choice.value === value && choice.below && <div class="nested">{choice.below}</div>}
        </div>
      ))}
    </fieldset>
  );
}

interface CheckProps {
  label: string;
  checked: boolean;
  onChange(checked: boolean): void;
}

export function Check({ label, checked, onChange }: CheckProps) {
  return (
    <label class="choice">
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.currentTarget.checked)} />
      <span>{label}</span>
    </label>
  );
}

interface SelectProps {
  label: string;
  value: string;
  options: readonly { value: string; label: string }[];
  onChange(value: string): void;
}

export function Select({ label, value, options, onChange }: SelectProps) {
  return (
    <select aria-label={label} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
      {options.map((option) => (
        <option key={option.value} value={option.value} selected={option.value === value}>
          {option.label}
        </option>
      ))}
    </select>
  );
}
