import { useState } from 'preact/hooks';
import { Busy, Failure } from '../components/notice';
import { countText, fill, Icon, Name } from '../components/text';
import { useCall } from '../components/useCall';
import type { ContentsTexts } from '../../shared/contentsTexts';
import type { Definition } from '../../shared/contentsPage';
import type { Surroundings } from './calls';
import { SqlView } from './sqlView';

/** How an entry is made: its SQL, its facts, and the statements that drop and fill it. */
export function DefinitionTab({ host, texts, locale, id }: Surroundings & { id: number }) {
  const asked = useCall(`${id}`, (signal) => host.call('definition', id, signal));
  if (asked.error)
    return (
      <Failure error={asked.error}>
        <button type="button" onClick={asked.again}>
          {texts.again}
        </button>
      </Failure>
    );
  if (!asked.value) return <Busy text={texts.loading} />;
  const { sql, cut, dropStatement, copyStatement, entry } = asked.value;
  const open = (): void => void host.call('openDefinition', id);
  // Large objects of a group are listed, one number a line.
  const isSql = entry.kind !== 'BLOB METADATA';
  return (
    <div class="definition">
      <Facts entry={entry} texts={texts} />
      {sql.trim() === '' ? (
        <p class="muted">{texts.noDefinition}</p>
      ) : (
        <>
          <div class="pane-line">
            {!isSql && <p class="muted">{texts.notSql}</p>}
            {cut !== undefined && (
              <p>
                <Icon name="info" />
                {fill(texts.cutDefinition, countText(sql.length, locale), countText(cut, locale))}
              </p>
            )}
            <span class="gap" />
            <Copy text={sql} host={host} texts={texts} />
            <button type="button" onClick={open}>
              {cut === undefined ? texts.openDefinition : texts.openWhole}
            </button>
          </div>
          <SqlView sql={sql} label={texts.definition} coloured={isSql} />
        </>
      )}
      <Statement title={texts.copyStatement} sql={copyStatement} />
      <Statement title={texts.dropStatement} sql={dropStatement} />
    </div>
  );
}

function Facts({ entry, texts }: { entry: Definition['entry']; texts: ContentsTexts }) {
  const facts: [string, string | null | undefined][] = [
    [texts.factKind, entry.kind],
    [texts.schema, entry.schema],
    [texts.factOwner, entry.owner],
    [texts.factTablespace, entry.tablespace],
    [texts.factAccessMethod, entry.accessMethod],
    [texts.factSection, entry.section],
    [texts.factId, String(entry.id)],
  ];
  return (
    <dl class="facts">
      {facts.map(
        ([label, value]) =>
          value && (
            <div key={label}>
              <dt>{label}</dt>
              <dd>
                <Name text={value} />
              </dd>
            </div>
          ),
      )}
    </dl>
  );
}

function Statement({ title, sql }: { title: string; sql: string }) {
  if (sql.trim() === '') return null;
  return (
    <details class="statement">
      <summary>{title}</summary>
      <SqlView sql={sql} label={title} />
    </details>
  );
}

function Copy({ text, host, texts }: { text: string } & Pick<Surroundings, 'host' | 'texts'>) {
  const [copied, setCopied] = useState(false);
  return (
    <button
      type="button"
      onClick={() => void host.call('copy', text).then(() => setCopied(true))}
      onBlur={() => setCopied(false)}
    >
      <Icon name={copied ? 'check' : 'copy'} />
      <span aria-live="polite">{copied ? texts.copied : texts.copy}</span>
    </button>
  );
}
