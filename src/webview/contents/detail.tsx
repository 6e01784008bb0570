import { Icon, Name } from '../components/text';
import { Tabs } from '../components/tabs';
import type { Surroundings } from './calls';
import { DefinitionTab } from './definitionTab';
import { DependenciesTab } from './dependenciesTab';
import { RowsTab } from './grid/rowsTab';
import type { History } from './hooks/useHistory';
import { LargeObjectsTab } from './largeObjectsTab';
import { holdsLargeObjects, iconOf } from './model/kinds';
import type { Listing } from './model/listing';
import type { Tab } from './state';

interface Props extends Surroundings {
  listing: Listing;
  /** The chosen entry, and the one that holds its rows (-1 for none). */
  entry: number;
  rowsEntry: number;
  tab: Tab;
  history: History;
  onTab(tab: Tab): void;
}

/** All there is about one entry. */
export function Detail(props: Props) {
  const { listing, entry, rowsEntry, texts, tab, onTab } = props;
  const kind = listing.kind(entry);
  const id = listing.ids[entry]!;
  const tabs = tabsOf(kind, rowsEntry >= 0).map((one) => ({ id: one, label: labelOf(one, texts) }));
  const chosen = tabs.find((one) => one.id === tab)?.id ?? tabs[0]!.id;
  const name = listing.names[entry]!;
  return (
    <>
      <Crumbs {...props} kind={kind} name={name} />
      <Tabs label={name} tabs={tabs} chosen={chosen} onChoose={onTab}>
        {panel(props, chosen, id)}
      </Tabs>
      <span class="unseen" role="status">
        {`${kind} ${name}`}
      </span>
    </>
  );
}

function panel(props: Props, tab: Tab, id: number) {
  const { host, texts, locale, watch, listing, history, rowsEntry } = props;
  const surroundings = { host, texts, locale, watch };
  switch (tab) {
    case 'rows': {
      const { ids, names, bytes, rows } = listing;
      const table = {
        id: ids[rowsEntry]!,
        schema: listing.schema(rowsEntry),
        name: names[rowsEntry]!,
        bytes: bytes[rowsEntry]!,
        rows: rows[rowsEntry]!,
      };
      return <RowsTab key={table.id} {...surroundings} entry={table} />;
    }
    case 'definition':
      return <DefinitionTab key={id} {...surroundings} id={id} />;
    case 'dependencies':
      return <DependenciesTab key={id} {...surroundings} id={id} listing={listing} onGo={history.go} />;
    case 'largeObjects':
      return <LargeObjectsTab {...surroundings} />;
  }
}

/** The tabs of an entry, what a reader most likely wants first. */
export function tabsOf(kind: string, hasRows: boolean): Tab[] {
  return [
    ...(hasRows ? (['rows'] as const) : []),
    ...(holdsLargeObjects(kind) ? (['largeObjects'] as const) : []),
    'definition',
    'dependencies',
  ];
}

function labelOf(tab: Tab, texts: Props['texts']): string {
  return {
    rows: texts.tabRows,
    definition: texts.tabDefinition,
    dependencies: texts.tabDependencies,
    largeObjects: texts.tabLargeObjects,
  }[tab];
}

function Crumbs({ listing, entry, history, texts, kind, name }: Props & { kind: string; name: string }) {
  const schema = listing.schema(entry);
  return (
    <div class="crumbs">
      <Step icon="arrow-left" label={texts.back} act={history.back} />
      <Step icon="arrow-right" label={texts.forward} act={history.forward} />
      <button type="button" class="link" onClick={() => history.go(null)}>
        {texts.overview}
      </button>
      {[listing.database(entry), schema].filter(Boolean).map((part, index) => (
        <span key={index} class="muted crumb">
          <Icon name="chevron-right" />
          <Name text={part} />
        </span>
      ))}
      <Icon name="chevron-right" />
      <h2 class="label">
        <Icon name={iconOf(kind)} />
        <Name text={name} />
      </h2>
      <span class="muted kind">{kind.toLowerCase()}</span>
    </div>
  );
}

function Step({ icon, label, act }: { icon: string; label: string; act: (() => void) | null }) {
  return (
    <button
      type="button"
      class="icon"
      title={label}
      aria-label={label}
      disabled={act === null}
      onClick={() => act?.()}
    >
      <Icon name={icon} />
    </button>
  );
}
