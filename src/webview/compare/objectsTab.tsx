import { useMemo, useState } from 'preact/hooks';
import type { Direction, ShownObject } from '../../shared/comparePage';
import { Empty } from '../components/notice';
import { countText, fill, Icon, Name } from '../components/text';
import type { PageProps } from './compareView';
import { tableName } from './model';
import { Sign } from './summary';
import { TakeBar } from './takeBar';

/** Objects of a group that are there at once, and that come by a press: a page of ten thousand lines is none. */
const FIRST = 200;
const MORE = 1000;

/** Objects that differ by kind and schema, each with its difference one press away. */
export function ObjectsTab(page: PageProps) {
  const { view, texts, locale, host } = page;
  const [text, setText] = useState('');
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const [shown, setShown] = useState<ReadonlyMap<string, number>>(new Map());
  const wanted = text.toLowerCase();
  const groups = useMemo(
    () => grouped(view.objects.filter((object) => label(object).toLowerCase().includes(wanted))),
    [view, wanted],
  );
  const toggle = (keys: string[], on: boolean): void => {
    const next = new Set(ticked);
    for (const key of keys)
      if (on) next.add(key);
      else next.delete(key);
    setTicked(next);
  };
  const take = (direction: Direction): void =>
    void host.call('take', { rows: [], objects: [...ticked], direction });
  return (
    <div class="objects">
      <div class="tools">
        <input
          type="search"
          placeholder={texts.filter}
          aria-label={texts.filter}
          value={text}
          onInput={({ currentTarget }) => setText(currentTarget.value)}
        />
        <button
          type="button"
          disabled={view.objects.length === 0}
          onClick={() => void host.call('openAllObjects', null)}
        >
          {texts.openAll}
        </button>
        <span class="gap" />
        <TakeBar {...page} count={ticked.size} onTake={take} />
      </div>
      {groups.length === 0 && <Empty text={view.objects.length === 0 ? texts.equal : texts.noneFits} />}
      {groups.map(({ title, objects }) => {
        const keys = objects.map(({ key }) => key);
        return (
          <section key={title} aria-label={title}>
            <h2>
              <label>
                <input
                  type="checkbox"
                  checked={keys.every((key) => ticked.has(key))}
                  onChange={({ currentTarget }) => toggle(keys, currentTarget.checked)}
                />
                <Name text={title} />
              </label>{' '}
              <span class="muted number">{countText(objects.length, locale)}</span>
            </h2>
            <ul class="plain">
              {objects.slice(0, shown.get(title) ?? FIRST).map((object) => (
                <li key={object.key} class="object">
                  <label>
                    <input
                      type="checkbox"
                      checked={ticked.has(object.key)}
                      aria-label={fill(texts.tick)}
                      onChange={({ currentTarget }) => toggle([object.key], currentTarget.checked)}
                    />
                    <Sign change={object.change} texts={texts} />
                  </label>
                  <button
                    type="button"
                    class="link"
                    title={texts.openDifference}
                    onClick={() => void host.call('openObject', object.key)}
                  >
                    <Name text={tableName(object)} />
                  </button>
                  <span class="muted">
                    {object.aspects.map((aspect) => texts.aspects[aspect] ?? aspect).join(', ')}
                  </span>
                  {view.leftOut[object.key] !== undefined && (
                    <span class="muted" title={view.leftOut[object.key]}>
                      <Icon name="info" />
                      <Name text={view.leftOut[object.key]!} />
                    </span>
                  )}
                </li>
              ))}
            </ul>
            {objects.length > (shown.get(title) ?? FIRST) && (
              <button
                type="button"
                class="link"
                onClick={() => setShown(new Map(shown).set(title, (shown.get(title) ?? FIRST) + MORE))}
              >
                {fill(texts.more, countText(objects.length - (shown.get(title) ?? FIRST), locale))}
              </button>
            )}
          </section>
        );
      })}
    </div>
  );
}

function label({ kind, schema, name, table }: ShownObject): string {
  return `${kind} ${schema ?? ''}.${name} ${table?.name ?? ''}`;
}

function grouped(objects: readonly ShownObject[]): { title: string; objects: ShownObject[] }[] {
  const groups = new Map<string, ShownObject[]>();
  for (const object of objects) {
    const title = object.schema === null ? object.kind : `${object.kind} · ${object.schema}`;
    const group = groups.get(title);
    if (group) group.push(object);
    else groups.set(title, [object]);
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([title, some]) => ({ title, objects: some }));
}
