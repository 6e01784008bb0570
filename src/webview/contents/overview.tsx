import { useMemo, useState } from 'preact/hooks';
import { bytesText } from '../../shared/bytes';
import { visibleText } from '../../shared/visibleText';
import { Busy } from '../components/notice';
import { countText, fill, Icon, Name } from '../components/text';
import type { Surroundings } from './calls';
import { groupOf, iconOf, isObjects, placeOf } from './model/kinds';
import type { Listing } from './model/listing';
import { roomOf, type Room } from './model/room';

interface Props extends Pick<Surroundings, 'texts' | 'locale'> {
  listing: Listing;
  version: number;
  owners: Int32Array;
  loaded: boolean;
  busy: boolean;
  unlocated: boolean;
  damaged: boolean;
  by: 'table' | 'schema';
  onBy(by: 'table' | 'schema'): void;
  onTable(entry: number): void;
  onSchema(schema: string): void;
  onKind(kind: string): void;
  onFindSizes(): void;
}

/** Bars that are shown at once; each "show more" adds `further`. */
const atOnce = 12;
const further = 200;

/** What a dump is made of: what takes the room, and how many things of each kind. */
export function Overview(props: Props) {
  const { listing, version, owners, loaded, unlocated, damaged, texts, by } = props;
  const [bars, setBars] = useState(atOnce);
  const picture = useMemo(() => roomOf(listing, owners, by), [listing, version, owners, by]);
  const kinds = useMemo(() => kindsOf(listing, owners), [listing, version, owners]);
  const schemas = useMemo(() => new Set(picture.bars.map(({ schema }) => schema)).size, [picture]);
  const hasData = picture.bars.length > 0 || picture.unknown > 0;
  return (
    <div class="overview">
      <section aria-labelledby="room">
        <div class="pane-line">
          <h2 id="room">{texts.room}</h2>
          {picture.total > 0 && <span class="muted">{fill(texts.roomStored, bytesText(picture.total))}</span>}
          <span class="gap" />
          {(schemas > 1 || by === 'schema') && (
            <div class="buttons" role="group" aria-label={texts.room}>
              {(['table', 'schema'] as const).map((one) => (
                <button
                  key={one}
                  type="button"
                  class="flat"
                  aria-pressed={by === one}
                  onClick={() => props.onBy(one)}
                >
                  {one === 'table' ? texts.byTable : texts.bySchemaBars}
                </button>
              ))}
            </div>
          )}
        </div>
        {unlocated && (
          <div class="notice">
            <Icon name="info" />
            <p>{texts.unlocated}</p>
            <button type="button" onClick={props.onFindSizes}>
              {texts.findSizes}
            </button>
          </div>
        )}
        {!unlocated && damaged && loaded && picture.unknown > 0 && (
          <div class="notice">
            <Icon name="warning" />
            <p>{fill(texts.dataLost, countText(picture.unknown, props.locale))}</p>
          </div>
        )}
        {props.busy && <Busy text={texts.loading} />}
        {loaded && !hasData && <p class="muted">{damaged ? texts.noDataFound : texts.noData}</p>}
        {picture.bars.length > 0 && (
          <>
            <Bars
              {...props}
              {...picture}
              shown={picture.bars.length === bars + 1 ? bars + 1 : bars}
              oneSchema={schemas === 1}
            />
            {picture.bars.length > atOnce + 1 && (
              <button
                type="button"
                class="flat"
                onClick={() => setBars(bars < picture.bars.length ? bars + further : atOnce)}
              >
                {bars < picture.bars.length ? texts.showMore : texts.showFewer}
              </button>
            )}
            <p class="muted">{texts.roomHint}</p>
          </>
        )}
      </section>
      <section aria-labelledby="what">
        <h2 id="what">{texts.whatIsInIt}</h2>
        <ul class="kinds">
          {kinds.map(({ kind, count }) => (
            <li key={kind}>
              <button type="button" class="flat" onClick={() => props.onKind(kind)}>
                <Icon name={iconOf(kind)} />
                {texts.kinds[kind] ?? kind}
                <span class="number muted">{countText(count, props.locale)}</span>
              </button>
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}

type BarsProps = Props & { bars: Room[]; total: number; shown: number; oneSchema: boolean };

/** A table with a bar in each row: length, size and share say the same, so none is needed to read the others. */
function Bars(props: BarsProps) {
  const { bars, total, shown, oneSchema, texts, locale, by } = props;
  const largest = bars[0]!.bytes;
  const rest = bars.slice(shown);
  const restBytes = rest.reduce((sum, { bytes }) => sum + bytes, 0);
  const facts = (bytes: number, rows: number) => (
    <>
      <td class="bar-cell" aria-hidden="true">
        <span
          class="bar"
          style={{ width: `${largest > 0 ? (Math.min(bytes, largest) / largest) * 100 : 0}%` }}
        />
      </td>
      <td class="number">{bytesText(bytes)}</td>
      <td class="number muted">{shareText(bytes, total, locale)}</td>
      <td class="number muted">{rows >= 0 ? fill(texts.rowCount, countText(rows, locale)) : ''}</td>
    </>
  );
  return (
    <table class="room">
      <thead class="unseen">
        <tr>
          <th scope="col">{by === 'table' ? texts.table : texts.schema}</th>
          <td />
          <th scope="col">{texts.size}</th>
          <th scope="col">{texts.share}</th>
          <th scope="col">{texts.rows}</th>
        </tr>
      </thead>
      <tbody>
        {bars.slice(0, shown).map((bar) => (
          <tr
            key={`${bar.sort} ${bar.entry} ${bar.database} ${bar.schema}`}
            onClick={() => choose(props, bar)}
          >
            <th scope="row">
              <button type="button" class="link" title={visibleText(nameOf(bar, texts))}>
                <BarName bar={bar} texts={texts} short={oneSchema} />
              </button>
            </th>
            {facts(bar.bytes, bar.rows)}
          </tr>
        ))}
        {rest.length > 0 && (
          <tr>
            <th scope="row" class="muted">
              {fill(texts.others, countText(rest.length, locale))}
            </th>
            {facts(restBytes, -1)}
          </tr>
        )}
      </tbody>
    </table>
  );
}

function choose({ onTable, onSchema }: Props, bar: Room): void {
  if (bar.entry >= 0) onTable(bar.entry);
  else onSchema(bar.schema);
}

function BarName({ bar, texts, short }: { bar: Room; short: boolean } & Pick<Props, 'texts'>) {
  if (bar.sort !== 'table') return <Name text={nameOf(bar, texts)} />;
  return (
    <>
      {bar.schema !== '' && !short && (
        <span class="muted">
          <Name text={bar.schema} />.
        </span>
      )}
      <Name text={bar.name} />
    </>
  );
}

function nameOf(bar: Room, texts: Props['texts']): string {
  const database = bar.database ? `${bar.database} ` : '';
  if (bar.sort === 'largeObjects') return database + texts.largeObjects;
  if (bar.sort === 'schema') return database + (bar.schema || texts.wholeDatabase);
  return `${database}${bar.schema ? `${bar.schema}.` : ''}${bar.name}`;
}

/** `21 %`, `0.4 %`; what is there never reads as nothing. */
function shareText(bytes: number, total: number, locale: string): string {
  const share = total > 0 ? bytes / total : 0;
  if (share > 0 && share < 0.001) return `< ${(0.001).toLocaleString(locale, percent)}`;
  return share.toLocaleString(locale, { ...percent, maximumFractionDigits: share < 0.1 ? 1 : 0 });
}

const percent = { style: 'percent', maximumFractionDigits: 1 } as const;

/** Things of each kind; parts of others do not count. */
function kindsOf(listing: Listing, owners: Int32Array): { kind: string; count: number }[] {
  const counts = new Map<string, number>();
  for (let entry = 0; entry < listing.length; entry++) {
    if (owners[entry]! >= 0) continue;
    const kind = groupOf(listing.kind(entry));
    if (!isObjects(kind)) continue;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts]
    .map(([kind, count]) => ({ kind, count }))
    .sort((a, b) => placeOf(a.kind) - placeOf(b.kind) || (a.kind < b.kind ? -1 : 1));
}
