import type { CompareTexts, TableCompared } from '../../shared/comparePage';
import { visibleText } from '../../shared/visibleText';
import { countText, fill, Name } from '../components/text';
import type { Found } from './pages';
import { Sign } from './summary';

interface Props {
  row: number;
  found: Found | undefined;
  table: TableCompared;
  /** Columns in the order they are shown in. */
  order: number[];
  texts: CompareTexts;
  locale: string;
  sideBySide: boolean;
  top: number;
  ticked: boolean;
  /** The active cell by its place, -1 where the row is not the active one. */
  active: number;
  onTick(): void;
  onChoose(place: number): void;
}

/** Characters of a value in the grid; all of it is one press away. */
const longest = 300;

/** One difference: in line (`old → new`), or its left side above its right. */
export function DifferenceRow(props: Props) {
  const { row, found, order, texts, sideBySide, top, ticked, active, onTick } = props;
  if (!found) return <div class="line" role="row" id={`difference-${row}`} style={{ top: `${top}px` }} />;
  const { change } = found.row;
  return (
    <div
      class={`line difference ${change}${active >= 0 ? ' active' : ''}${sideBySide ? ' double' : ''}`}
      role="row"
      id={`difference-${row}`}
      aria-rowindex={row + 2}
      aria-selected={ticked}
      style={{ top: `${top}px` }}
    >
      <span class="mark" role="gridcell">
        <input type="checkbox" tabIndex={-1} checked={ticked} aria-label={texts.tick} onChange={onTick} />
        <Sign change={change} texts={texts} />
      </span>
      {order.map((column, place) => (
        <Cell key={column} {...props} found={found} column={column} place={place} />
      ))}
    </div>
  );
}

function Cell({
  found,
  table,
  texts,
  locale,
  sideBySide,
  active,
  column,
  place,
  onChoose,
}: Props & { found: Found; column: number; place: number }) {
  const { left, right, columns, cut } = found.row;
  const { left: hasLeft, right: hasRight } = table.columns[column]!;
  const differs = columns?.includes(column) ?? false;
  const value = (row: (string | null)[] | null, has: boolean, length: number | undefined) => {
    if (!row || !has) return null;
    const text = row[column] ?? null;
    if (text === null) return <em class="muted">{texts.nullValue}</em>;
    return (
      <>
        <Name text={text.slice(0, longest)} />
        {text.length > longest && '…'}
        {length !== undefined && <span class="muted"> {fill(texts.cut, countText(length, locale))}</span>}
      </>
    );
  };
  const before = value(left, hasLeft, cut?.left?.[column]);
  const after = value(right, hasRight, cut?.right?.[column]);
  const title = [left, right].flatMap((row) =>
    row ? [visibleText((row[column] ?? texts.nullValue).slice(0, 1000))] : [],
  );
  return (
    <span
      class={`cell${differs ? ' differs' : ''}${active === place ? ' active' : ''}`}
      role="gridcell"
      title={differs || title.length === 1 ? title.join(' → ') : title[0]}
      onClick={() => onChoose(place)}
    >
      {sideBySide ? (
        <>
          <span class="before">{differs ? <del>{before}</del> : before}</span>
          <span class="after">{differs ? <ins>{after}</ins> : after}</span>
        </>
      ) : differs ? (
        <>
          <del>{before}</del> → <ins>{after}</ins>
        </>
      ) : (
        (after ?? before)
      )}
    </span>
  );
}
