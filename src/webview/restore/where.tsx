import { Field, Select } from '../components/field';
import type { FormProps } from './form';

/** The server and the database. */
export function Where({ draft, change, texts, subject, connections, databases }: FormProps) {
  const { strategy } = draft.request;
  const names = databases?.databases ?? [];
  const taken = strategy === 'new' && names.some(({ name }) => name === draft.database);
  return (
    <Field label={texts.where}>
      <div class="line">
        <Select
          label={texts.connection}
          value={draft.connection}
          options={connections.map(({ id, name, role }) => ({
            value: id,
            label: role ? `${name} (${role})` : name,
          }))}
          onChange={(connection) => change({ ...draft, connection })}
        />
        {!subject.several &&
          (strategy === 'new' ? (
            <input
              type="text"
              spellcheck={false}
              aria-label={texts.database}
              aria-invalid={taken}
              value={draft.database}
              onInput={(event) => change({ ...draft, database: event.currentTarget.value })}
            />
          ) : (
            <Select
              label={texts.database}
              value={draft.database}
              options={names.map(({ name, size }) => ({
                value: name,
                label: size ? `${name} (${size})` : name,
              }))}
              onChange={(database) => change({ ...draft, database })}
            />
          ))}
      </div>
    </Field>
  );
}
