import type { RefObject } from 'preact';
import { Choices } from '../components/menu';
import { countText, fill, Icon } from '../components/text';
import type { Surroundings } from './calls';
import type { Filtering } from './hooks/useFilter';
import { isFiltering } from './model/filter';
import type { Listing } from './model/listing';

interface Props extends Pick<Surroundings, 'texts' | 'locale'> {
  input: RefObject<HTMLInputElement | null>;
  listing: Listing;
  complete: boolean;
  filtering: Filtering;
  flat: boolean;
  sort: 'name' | 'size';
  onFlat(flat: boolean): void;
  onSort(sort: 'name' | 'size'): void;
  onCollapse(): void;
  /** Leaves for the tree. */
  onLeave(): void;
}

/** What of the contents is shown, and how. */
export function FilterBar(props: Props) {
  const { texts, filtering, input, flat, sort } = props;
  const { filter, change } = filtering;
  const key = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && filter.text !== '') change({ text: '' });
    else if (event.key === 'Escape' || event.key === 'ArrowDown' || event.key === 'Enter') props.onLeave();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div class="filter">
      <div class="filter-line">
        <div class="filter-box">
          <Icon name="search" />
          <input
            ref={input}
            type="text"
            spellcheck={false}
            value={filter.text}
            placeholder={texts.filterPlaceholder}
            aria-label={texts.filterLabel}
            aria-describedby="filter-count"
            onInput={(event) => change({ text: event.currentTarget.value })}
            onKeyDown={key}
          />
          <Toggle
            icon="file-code"
            label={texts.inDefinitions}
            pressed={filter.definitions}
            onToggle={(definitions) => change({ definitions })}
          />
        </div>
        <Toggle icon="list-flat" label={texts.restoreOrder} pressed={flat} onToggle={props.onFlat} />
        <Toggle
          icon="sort-percentage"
          label={texts.sortBySize}
          pressed={sort === 'size' && !flat}
          disabled={flat}
          onToggle={(size) => props.onSort(size ? 'size' : 'name')}
        />
        <button
          type="button"
          class="icon"
          title={texts.collapseAll}
          aria-label={texts.collapseAll}
          disabled={flat}
          onClick={props.onCollapse}
        >
          <Icon name="collapse-all" />
        </button>
      </div>
      <Menus {...props} />
    </div>
  );
}

function Menus(props: Props) {
  const { listing, texts, locale, filtering } = props;
  const { filter, change } = filtering;
  const menu = (list: 'kinds' | 'schemas' | 'owners', label: string, textOf: (word: string) => string) => {
    const words = listing.counted(list);
    if (words.length < 2 && filter[list].length === 0) return null;
    const choices = words.map(({ word, count }) => ({
      word,
      text: textOf(word),
      detail: countText(count, locale),
    }));
    return (
      <Choices
        label={label}
        choices={choices}
        chosen={filter[list]}
        none={texts.chooseAll}
        onChange={(chosen) => change({ [list]: chosen })}
      />
    );
  };
  return (
    <div class="filter-menus">
      {menu('kinds', texts.kindsMenu, (kind) => texts.kinds[kind] ?? kind)}
      {menu('schemas', texts.schemasMenu, (schema) => schema || texts.noSchema)}
      {menu('owners', texts.ownersMenu, (owner) => owner || texts.noOwner)}
      {isFiltering(filter) && (
        <button type="button" class="flat" onClick={filtering.clear}>
          <Icon name="close" />
          {texts.clearFilter}
        </button>
      )}
      <Count {...props} />
    </div>
  );
}

function Count({ listing, complete, texts, locale, filtering }: Props) {
  const all = countText(listing.length, locale);
  const { shown } = filtering;
  const text = filtering.searching
    ? texts.searching
    : shown
      ? fill(
          texts.entriesOf,
          countText(
            shown.reduce((sum, one) => sum + one, 0),
            locale,
          ),
          all,
        )
      : fill(complete ? texts.entriesShown : texts.entriesSoFar, all);
  return (
    <p class="muted count" id="filter-count" role="status">
      {text}
    </p>
  );
}

interface ToggleProps {
  icon: string;
  label: string;
  pressed: boolean;
  disabled?: boolean;
  onToggle(pressed: boolean): void;
}

function Toggle({ icon, label, pressed, disabled, onToggle }: ToggleProps) {
  return (
    <button
      type="button"
      class="icon toggle"
      title={label}
      aria-label={label}
      aria-pressed={pressed}
      disabled={disabled}
      onClick={() => onToggle(!pressed)}
    >
      <Icon name={icon} />
    </button>
  );
}
