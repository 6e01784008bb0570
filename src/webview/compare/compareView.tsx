import { useState } from 'preact/hooks';
import type { CompareHost, ComparePage, CompareTexts, ComparisonView } from '../../shared/comparePage';
import type { Rpc } from '../../shared/rpc';
import { Tabs } from '../components/tabs';
import { countText, fill, Icon, Name } from '../components/text';
import type { Kept } from '../host';
import { differencesOf, sumOf } from './model';
import { ObjectsTab } from './objectsTab';
import { RowsTab } from './rowsTab';
import { Summary } from './summary';

export type Host = Rpc<ComparePage, CompareHost>;

/** What is kept while the page is taken down. */
export interface KeptView {
  tab: 'summary' | 'objects' | 'rows';
  table: number;
  sideBySide: boolean;
}

export interface PageProps {
  view: ComparisonView;
  texts: CompareTexts;
  locale: string;
  host: Host;
}

/** A comparison: both sides above, what differs in tabs. */
export function CompareView({ view, texts, locale, host, kept }: PageProps & { kept: Kept<KeptView> }) {
  const first = kept.read();
  const [tab, setTab] = useState(first.tab ?? 'summary');
  const [table, setTable] = useState(first.table ?? -1);
  const choose = (next: KeptView['tab'], of = table): void => {
    setTab(next);
    setTable(of);
    kept.write({ tab: next, table: of });
  };
  const page: PageProps = { view, texts, locale, host };
  const shown = view.tables[table];
  const tabs = [
    { id: 'summary' as const, label: texts.summary },
    { id: 'objects' as const, label: fill(texts.objects, countText(view.objects.length, locale)) },
    ...(shown ? [{ id: 'rows' as const, label: fill(texts.rowsOf, `${shown.schema}.${shown.name}`) }] : []),
  ];
  return (
    <main class="compare">
      <Head {...page} />
      <Tabs label={texts.views} tabs={tabs} chosen={tab} onChoose={(id) => choose(id)}>
        {tab === 'summary' && (
          <Summary {...page} onTable={(of) => choose('rows', of)} onObjects={() => choose('objects')} />
        )}
        {tab === 'objects' && <ObjectsTab {...page} />}
        {tab === 'rows' && shown && (
          <RowsTab
            key={table}
            {...page}
            index={table}
            table={shown}
            sideBySide={kept.read().sideBySide ?? false}
            onSideBySide={(sideBySide) => kept.write({ sideBySide })}
          />
        )}
      </Tabs>
    </main>
  );
}

function Head({ view, texts, locale, host }: PageProps) {
  const { left, right, about, equal, objects, tables, effort } = view;
  const differing = tables.filter((table) => differencesOf(table) > 0);
  const side = (title: string, more: string) => (
    <span class="side">
      <strong>
        <Name text={title} />
      </strong>{' '}
      <span class="muted">{more}</span>
    </span>
  );
  return (
    <header class="head">
      <h1 class="sides">
        {side(left.title, about.left)}
        <span class="side">
          <Icon name="arrow-swap" />
          {side(right.title, about.right)}
        </span>
      </h1>
      <div class="verdict">
        <p role="status">
          <Icon name={equal ? 'pass' : 'diff'} />
          {equal
            ? texts.equal
            : fill(
                texts.differs,
                countText(objects.length, locale),
                countText(sumOf(differing), locale),
                countText(differing.length, locale),
                countText(tables.length, locale),
              )}
          <span class="muted"> {effort}</span>
        </p>
        <button type="button" class="flat" onClick={() => void host.call('again', null)}>
          <Icon name="refresh" />
          {texts.again}
        </button>
      </div>
    </header>
  );
}
