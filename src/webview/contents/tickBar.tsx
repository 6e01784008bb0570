import { bytesText } from '../../shared/bytes';
import { countText, fill, Icon } from '../components/text';
import { Failure } from '../components/notice';
import type { Surroundings } from './calls';
import type { Ticks } from './hooks/useTicks';
import type { Listing } from './model/listing';

interface Props extends Pick<Surroundings, 'texts' | 'locale'> {
  listing: Listing;
  owners: Int32Array;
  ticks: Ticks;
  onlyTicked: boolean;
  onOnlyTicked(only: boolean): void;
  onRestore(): void;
}

/** What is ticked: how much, what it needs beyond that, and the way to both. */
export function TickBar(props: Props) {
  const { listing, owners, ticks, onlyTicked, onOnlyTicked, onRestore, texts, locale } = props;
  if (ticks.ids.size === 0) return null;
  const { things, bytes } = weigh(listing, owners, ticks.ids);
  const needed = ticks.needs && weigh(listing, owners, ticks.needs, ticks.ids).things;
  const count = countText(things, locale);
  return (
    <div class="tick-bar">
      <p role="status">
        <Icon name="checklist" />
        {bytes > 0 ? fill(texts.tickedSize, count, bytesText(bytes)) : fill(texts.ticked, count)}
        {needed !== null && (
          <>
            {', '}
            {needed > 0 ? fill(texts.needsMore, countText(needed, locale)) : texts.needsNothing}
          </>
        )}
        {ticks.missing.length > 0 && (
          <span class="missing">
            <Icon name="warning" />
            {fill(texts.needsMissing, countText(ticks.missing.length, locale))}
          </span>
        )}
      </p>
      {ticks.error && <Failure error={ticks.error} />}
      <div class="buttons">
        {needed !== null && needed > 0 && (
          <button type="button" onClick={() => ticks.set(ticks.needs!, true)}>
            {texts.tickNeeded}
          </button>
        )}
        <button type="button" class="primary" onClick={onRestore}>
          <Icon name="history" />
          {texts.restoreTicked}
        </button>
        <button
          type="button"
          class="icon toggle"
          aria-pressed={onlyTicked}
          aria-label={texts.showTicked}
          title={texts.showTicked}
          onClick={() => onOnlyTicked(!onlyTicked)}
        >
          <Icon name="list-selection" />
        </button>
        <button type="button" onClick={ticks.clear}>
          {texts.clearTicks}
        </button>
      </div>
    </div>
  );
}

/** Things as the tree counts them (parts count with what they belong to), and the data of all. */
function weigh(
  listing: Listing,
  owners: Int32Array,
  ids: ReadonlySet<number>,
  beside?: ReadonlySet<number>,
): { things: number; bytes: number } {
  let things = 0;
  let bytes = 0;
  for (const id of ids) {
    const entry = listing.indexOf(id);
    if (entry < 0) continue;
    const owner = owners[entry] ?? -1;
    const ownerId = listing.ids[owner];
    if (ownerId === undefined || (!ids.has(ownerId) && !beside?.has(ownerId))) things++;
    bytes += Math.max(0, listing.bytes[entry]!);
  }
  return { things, bytes };
}
