import { useEffect, useState } from 'preact/hooks';
import type { ArchivingShown, ArchivingTexts } from '../../shared/archivingPage';
import { Command } from '../components/plan/command';
import { Icon } from '../components/text';
import { Notices } from './tables';

interface Props {
  shown: ArchivingShown;
  texts: ArchivingTexts;
  disabled: boolean;
  onSetUp(): void;
  onCommand(command: string): void;
  onCopy(text: string): Promise<void>;
}

/** The settings as they are and as they have to be, and the statements that make them so. */
export function SetUp({ shown, texts, disabled, onSetUp, onCommand, onCopy }: Props) {
  const { settings, setup } = shown.view;
  const changes = settings.some(({ then }) => then !== null);
  return (
    <section aria-label={texts.settings}>
      <h2>{texts.settings}</h2>
      <table class={changes ? 'cells settings changing' : 'cells settings'}>
        <thead>
          <tr>
            <th scope="col">{texts.setting}</th>
            <th scope="col">{texts.now}</th>
            {changes && <th scope="col">{texts.then}</th>}
            <th scope="col">{texts.note}</th>
          </tr>
        </thead>
        <tbody>
          {settings.map(({ name, now, then, note, warning }) => (
            <tr key={name} class={then === null ? '' : 'changes'}>
              <th scope="row">{name}</th>
              <td class="value">{now}</td>
              {changes && <td class="value">{then !== null && `→ ${then}`}</td>}
              <td>
                <span class="muted">{note}</span>
                {warning !== null && (
                  <span class="problem">
                    <Icon name="warning" />
                    <span>{warning}</span>
                  </span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {setup && (
        <>
          <CommandField
            command={setup.command}
            note={shown.commandNote}
            texts={texts}
            disabled={disabled}
            onCommand={onCommand}
          />
          <Notices notices={setup.notices} texts={texts} />
          {setup.statements === '' ? (
            <p class="muted">{texts.nothingToDo}</p>
          ) : (
            <>
              <h2>{texts.setUpTitle}</h2>
              <Command text={setup.statements} texts={texts} onCopy={onCopy} />
              <button type="button" class="primary" disabled={disabled} onClick={onSetUp}>
                {texts.setUp}
              </button>
            </>
          )}
          {setup.restart !== null && (
            <div class="restart">
              <p>
                <Icon name="debug-restart" />
                {setup.restart}
              </p>
              {setup.restartCommand !== null && (
                <>
                  <p class="muted">{texts.restartHint}</p>
                  <Command text={setup.restartCommand} texts={texts} onCopy={onCopy} />
                </>
              )}
            </div>
          )}
        </>
      )}
    </section>
  );
}

interface FieldProps {
  command: string;
  note: string | null;
  texts: ArchivingTexts;
  disabled: boolean;
  onCommand(command: string): void;
}

/** Paths on the server's machine are often others than here: the command can be changed. */
function CommandField({ command, note, texts, disabled, onCommand }: FieldProps) {
  const [text, setText] = useState(command);
  useEffect(() => setText(command), [command]);
  return (
    <form
      class="commandField"
      onSubmit={(event) => {
        event.preventDefault();
        onCommand(text);
      }}
    >
      <label for="command">{texts.command}</label>
      <textarea
        id="command"
        rows={2}
        spellcheck={false}
        value={text}
        onInput={({ currentTarget }) => setText(currentTarget.value.replaceAll('\n', ' '))}
      />
      {text !== command && (
        <button type="submit" disabled={disabled}>
          {texts.useCommand}
        </button>
      )}
      {note !== null && (
        <p class="problem">
          <Icon name="warning" />
          <span>{note}</span>
        </p>
      )}
    </form>
  );
}
