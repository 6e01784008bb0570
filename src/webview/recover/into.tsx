import { Field } from '../components/field';
import type { RecoverDraft, Reached, RecoverTexts } from '../../shared/recoverPage';

interface Props {
  draft: RecoverDraft;
  tablespaces: Reached['tablespaces'];
  texts: RecoverTexts;
  change(draft: RecoverDraft): void;
  onBrowse(): void;
}

/** Where the side cluster comes to be. */
export function Into({ draft, tablespaces, texts, change, onBrowse }: Props) {
  const text = (label: string, value: string, set: (value: string) => void, more: object = {}) => (
    <input
      type="text"
      spellcheck={false}
      aria-label={label}
      value={value}
      onInput={(event) => set(event.currentTarget.value)}
      {...more}
    />
  );
  const place = (oid: string, folder: string): void => {
    const { [oid]: _, ...others } = draft.tablespaces;
    change({ ...draft, tablespaces: folder.trim() ? { ...others, [oid]: folder.trim() } : others });
  };
  return (
    <>
      <Field label={texts.where}>
        <div class="line">
          {text(texts.directory, draft.directory, (directory) => change({ ...draft, directory }), {
            class: 'wide',
          })}
          <button type="button" onClick={onBrowse}>
            {texts.browse}
          </button>
        </div>
        <div class="line">
          <label class="small">
            {texts.port}
            {text(
              texts.port,
              String(draft.port || ''),
              (port) => change({ ...draft, port: Number.parseInt(port, 10) || 0 }),
              { inputmode: 'numeric', size: 6, 'aria-invalid': !isPort(draft.port) },
            )}
          </label>
          <label class="small">
            {texts.user}
            {text(texts.user, draft.user, (user) => change({ ...draft, user }), { size: 14 })}
          </label>
        </div>
      </Field>
      {tablespaces.length > 0 && (
        <Field label={texts.tablespaces}>
          {tablespaces.map(({ oid, label }) => (
            <div class="line" key={oid}>
              <span class="tablespace">{label}</span>
              <span aria-hidden="true">→</span>
              {text(label, draft.tablespaces[oid] ?? '', (folder) => place(oid, folder), {
                class: 'wide',
                placeholder: `${draft.directory}.tablespaces/${oid}`,
              })}
            </div>
          ))}
        </Field>
      )}
    </>
  );
}

export function isPort(port: number): boolean {
  return port >= 1 && port <= 65_535;
}
