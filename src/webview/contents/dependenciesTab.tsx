import { visibleText } from '../../shared/visibleText';
import { ListBox } from '../components/listBox';
import { Busy, Failure } from '../components/notice';
import { fill, Icon, Name } from '../components/text';
import { useCall } from '../components/useCall';
import type { Surroundings } from './calls';
import { iconOf } from './model/kinds';
import type { Listing } from './model/listing';

interface Props extends Surroundings {
  id: number;
  listing: Listing;
  onGo(id: number): void;
}

/** Entries a list shows before it scrolls. */
const shown = 12;

/** What an entry needs, and what needs it. */
export function DependenciesTab({ host, texts, id, listing, onGo }: Props) {
  const asked = useCall(`${id}`, (signal) => host.call('dependencies', id, signal));
  if (asked.error)
    return (
      <Failure error={asked.error}>
        <button type="button" onClick={asked.again}>
          {texts.again}
        </button>
      </Failure>
    );
  if (!asked.value) return <Busy text={texts.loading} />;
  const { needs, neededBy, missing } = asked.value;
  const list = (name: string, title: string, none: string, ids: number[]) => {
    const known = ids.filter((one) => listing.indexOf(one) >= 0);
    return (
      <section aria-label={fill(title, known.length)}>
        <h3>{fill(title, known.length)}</h3>
        {known.length === 0 ? (
          <p class="muted">{none}</p>
        ) : (
          <ListBox
            key={`${name}-${id}`}
            id={name}
            label={fill(title, known.length)}
            count={known.length}
            most={shown}
            row={(index) => <EntryLine listing={listing} entry={listing.indexOf(known[index]!)} />}
            rowLabel={(index) => entryLabel(listing, listing.indexOf(known[index]!))}
            onOpen={(index) => onGo(known[index]!)}
          />
        )}
      </section>
    );
  };
  return (
    <div class="dependencies">
      {list('needs', texts.needs, texts.needsNone, needs)}
      {missing.length > 0 && (
        <p>
          <Icon name="info" />
          {fill(texts.missingIds, missing.join(', '))}
        </p>
      )}
      {list('needed-by', texts.neededBy, texts.neededByNone, neededBy)}
    </div>
  );
}

function EntryLine({ listing, entry }: { listing: Listing; entry: number }) {
  const schema = listing.schema(entry);
  return (
    <>
      <Icon name={iconOf(listing.kind(entry))} />
      <span class="label">
        {schema && (
          <span class="muted">
            <Name text={schema} />.
          </span>
        )}
        <Name text={listing.names[entry]!} />
      </span>
      <span class="muted kind">{listing.kind(entry).toLowerCase()}</span>
    </>
  );
}

export function entryLabel(listing: Listing, entry: number): string {
  const schema = listing.schema(entry);
  return visibleText(`${listing.kind(entry)} ${schema ? `${schema}.` : ''}${listing.names[entry]}`);
}
