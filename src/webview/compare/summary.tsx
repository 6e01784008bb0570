import type { ComponentChildren } from 'preact';
import type { Change, TableCompared } from '../../shared/comparePage';
import { countText, fill, Icon, Name } from '../components/text';
import type { PageProps } from './compareView';
import { differencesOf, signs, tableName } from './model';

interface Props extends PageProps {
  onTable(index: number): void;
  onObjects(): void;
}

/** What differs at a glance: tables by their differences, objects by kind, what is the same folded away. */
export function Summary(props: Props) {
  const { view, texts, locale } = props;
  const { tables, same, normalised, sequences, largeObjects, faults, options } = view;
  const shown = tables
    .map((table, index) => ({ table, index }))
    .filter(({ table }) => table.state !== 'same')
    .sort((a, b) => differencesOf(b.table) - differencesOf(a.table));
  const unchanged = tables.filter(({ state }) => state === 'same');
  const sameObjects = same.reduce((sum, { count }) => sum + count, 0);
  return (
    <div class="summary">
      {faults.length > 0 && (
        <section class="notice" aria-label={texts.faults}>
          <Icon name="warning" />
          <div>
            <p>{texts.faults}</p>
            <ul>
              {faults.map(({ side, what, entry }, at) => (
                <li key={at}>
                  {side !== null && <strong>{side === 'left' ? view.left.title : view.right.title}: </strong>}
                  {entry !== null && <Name text={`${entry}: `} />}
                  <Name text={what} />
                </li>
              ))}
            </ul>
          </div>
        </section>
      )}
      {options.rows ? (
        <section aria-labelledby="tables">
          <h2 id="tables">{texts.tablesThatDiffer}</h2>
          {shown.length > 0 ? <Tables {...props} shown={shown} /> : <p class="muted">{texts.equal}</p>}
          {unchanged.length > 0 && (
            <Folded title={fill(texts.sameTables, countText(unchanged.length, locale))}>
              {unchanged.map((table) => (
                <li key={tableName(table)}>
                  <Name text={tableName(table)} />{' '}
                  <span class="muted number">{countText(table.same ?? 0, locale)}</span>
                </li>
              ))}
            </Folded>
          )}
        </section>
      ) : (
        <p class="muted">{texts.rowsNotAsked}</p>
      )}
      <section aria-labelledby="objects">
        <h2 id="objects">{texts.objectsThatDiffer}</h2>
        <Kinds {...props} />
        {sameObjects > 0 && (
          <Folded title={fill(texts.sameObjects, countText(sameObjects, locale))}>
            {same.map(({ kind, schema, count }) => (
              <li key={`${kind} ${schema}`}>
                {kind} <Name text={schema ?? ''} />{' '}
                <span class="muted number">{countText(count, locale)}</span>
              </li>
            ))}
          </Folded>
        )}
        {normalised.length > 0 && (
          <Folded
            title={fill(
              texts.spelling,
              countText(
                normalised.reduce((sum, { count }) => sum + count, 0),
                locale,
              ),
            )}
          >
            {normalised.map(({ rule, text, count }) => (
              <li key={rule}>
                {text} <span class="muted number">{countText(count, locale)}</span>
              </li>
            ))}
          </Folded>
        )}
      </section>
      {sequences.length > 0 && (
        <section aria-labelledby="sequences">
          <h2 id="sequences">{texts.sequences}</h2>
          <ul class="plain">
            {sequences.map(({ schema, name, left, right }) => (
              <li key={tableName({ schema, name })}>
                <Name text={tableName({ schema, name })} /> <del>{left?.value}</del> →{' '}
                <ins>{right?.value}</ins>
              </li>
            ))}
          </ul>
        </section>
      )}
      {largeObjects !== null && largeObjects.changed.length > 0 && (
        <section aria-labelledby="large">
          <h2 id="large">{texts.largeObjects}</h2>
          <ul class="plain">
            {largeObjects.changed.slice(0, 200).map(({ oid, change }) => (
              <li key={oid}>
                <Sign change={change} texts={texts} /> {oid}
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

/** A change as a sign that is read out as a word. */
export function Sign({ change, texts }: { change: Change } & Pick<PageProps, 'texts'>) {
  return (
    <span
      class={`sign-${change}`}
      role="img"
      aria-label={texts.changes[change]}
      title={texts.changes[change]}
    >
      {signs[change]}
    </span>
  );
}

function Folded({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <details>
      <summary>{title}</summary>
      <ul class="plain folded">{children}</ul>
    </details>
  );
}

function Tables({
  shown,
  view,
  texts,
  locale,
  onTable,
}: Props & { shown: { table: TableCompared; index: number }[] }) {
  const most = Math.max(1, ...shown.map(({ table }) => differencesOf(table)));
  return (
    <table class="tables">
      <thead>
        <tr>
          <th scope="col">{texts.table}</th>
          <th scope="col">{texts.whatDiffers}</th>
          <th scope="col" class="number">
            +
          </th>
          <th scope="col" class="number">
            −
          </th>
          <th scope="col" class="number">
            ~
          </th>
          <th scope="col" class="number">
            {texts.sameRows}
          </th>
        </tr>
      </thead>
      <tbody>
        {shown.map(({ table, index }) => {
          const number = (value: number | null) => (
            <td class="number">{value === null ? '?' : value === 0 ? '' : countText(value, locale)}</td>
          );
          return (
            <tr key={index}>
              <th scope="row">
                {table.kept > 0 ? (
                  <button type="button" class="link" onClick={() => onTable(index)}>
                    <Name text={tableName(table)} />
                  </button>
                ) : (
                  <Name text={tableName(table)} />
                )}{' '}
                {table.state !== 'different' && <span class="muted">{texts.states[table.state]}</span>}
                {table.notes.map((note) => (
                  <p key={note} class="muted note">
                    <Name text={note} />
                  </p>
                ))}
              </th>
              <td class="bars">
                <Bar table={table} most={most} />
              </td>
              {number(table.added)}
              {number(table.removed)}
              {number(table.changed)}
              {number(table.same)}
            </tr>
          );
        })}
      </tbody>
    </table>
  );

  /** Parts by length and pattern; the numbers beside it say the same. */
  function Bar({ table, most }: { table: TableCompared; most: number }) {
    const width = (count: number | null): string => `${((count ?? 0) / most) * 100}%`;
    const title = view.options.rows ? tableName(table) : '';
    return (
      <span class="bar" aria-hidden="true" title={title}>
        <i class="added" style={{ width: width(table.added) }} />
        <i class="removed" style={{ width: width(table.removed) }} />
        <i class="changed" style={{ width: width(table.changed) }} />
      </span>
    );
  }
}

function Kinds({ view, texts, locale, onObjects }: Props) {
  const kinds = new Map<string, Record<Change, number>>();
  for (const { kind, change } of view.objects) {
    const counts = kinds.get(kind) ?? { added: 0, removed: 0, changed: 0 };
    counts[change]++;
    kinds.set(kind, counts);
  }
  if (kinds.size === 0) return <p class="muted">{texts.equal}</p>;
  return (
    <ul class="plain kinds">
      {[...kinds].sort().map(([kind, counts]) => (
        <li key={kind}>
          <button type="button" class="link" onClick={onObjects}>
            {kind}
          </button>{' '}
          {(['added', 'removed', 'changed'] as const).map(
            (change) =>
              counts[change] > 0 && (
                <span key={change} class="count">
                  <Sign change={change} texts={texts} />
                  {countText(counts[change], locale)}
                </span>
              ),
          )}
        </li>
      ))}
    </ul>
  );
}
