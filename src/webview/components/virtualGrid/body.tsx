import type { GridModel } from './gridModel';
import type { GridColumn, GridRow, GridSource } from './gridSource';
import { holds, isSingle } from './selection';
import { Value, type ValueTexts } from './value';

/** Rows after which the layer is moved instead of every row: no element ever stands millions of pixels away. */
const stretch = 10_000;

interface Props {
  model: GridModel;
  source: GridSource;
  id: string;
  gutter: number;
  texts: ValueTexts & { loading: string };
}

/**
 * The rows that are seen, and no other. A row's elements are used again for the row that takes its place, so that
 * scrolling makes and removes none.
 */
export function Rows({ model, source, id, gutter, texts }: Props) {
  const seen = model.seen;
  if (!seen) return null;
  const slots = Math.ceil(model.view.height / model.rowHeight) + 2;
  const base = Math.floor(seen.first / stretch) * stretch;
  const rows = [];
  for (let row = seen.first; row <= seen.last; row++)
    rows.push(
      <Row
        key={row % slots}
        {...{ model, id, gutter, texts, row }}
        data={source.row(row)}
        label={source.label(row)}
        columns={source.columns}
        top={(row - base) * model.rowHeight}
      />,
    );
  return (
    <div
      class="grid-layer"
      role="none"
      style={{ transform: `translateY(${base * model.rowHeight - model.top}px)` }}
    >
      {rows}
    </div>
  );
}

interface RowProps extends Omit<Props, 'source'> {
  row: number;
  data: GridRow | undefined;
  label: string;
  columns: readonly GridColumn[];
  top: number;
}

function Row({ model, id, gutter, texts, row, data, label, columns, top }: RowProps) {
  const { layout, active, selection } = model;
  const range = model.range;
  const whole = selection.kind === 'rows' || selection.kind === 'all';
  const selected = whole && range !== null && row >= range.first.row && row <= range.last.row;
  const seen = model.seenColumns;
  const style = { top: `${top}px`, height: `${model.rowHeight}px` };
  if (data?.note !== undefined)
    return (
      <div class="grid-row note" role="row" aria-rowindex={row + 2} style={style}>
        <div class="grid-note" role="gridcell" aria-colindex={1} id={`${id}-r${row}`} title={data.note}>
          <span class="codicon codicon-error" aria-hidden="true" />
          {data.note}
        </div>
      </div>
    );
  const cells = [];
  for (let column = seen?.first ?? 0; column <= (seen?.last ?? -1); column++) {
    const isActive = active.row === row && active.column === column;
    const inRange = range !== null && active.row >= 0 && holds(range, row, column);
    const classes = [
      'grid-cell',
      isActive && 'active',
      inRange && !isSingle(range) && 'selected',
      data?.marks?.get(column),
      columns[column]?.numeric && 'numeric',
    ];
    cells.push(
      <div
        key={column}
        id={`${id}-r${row}c${column}`}
        class={classes.filter(Boolean).join(' ')}
        role="gridcell"
        aria-colindex={column + 2}
        aria-selected={inRange}
        style={{ left: `${gutter + layout.start(column)}px`, width: `${layout.widths[column]}px` }}
      >
        {data ? (
          <Value row={data} column={column} texts={texts} />
        ) : (
          <span class="grid-awaited" role="img" aria-label={texts.loading} />
        )}
      </div>,
    );
  }
  return (
    <div
      class={['grid-row', data?.className, row % 2 === 1 && 'odd'].filter(Boolean).join(' ')}
      role="row"
      aria-rowindex={row + 2}
      aria-selected={selected}
      style={style}
    >
      <div
        class={`grid-number${selected ? ' selected' : ''}`}
        role="rowheader"
        aria-colindex={1}
        style={{ width: `${gutter}px` }}
      >
        {label}
      </div>
      <div class="grid-strip" role="none" style={{ transform: `translateX(${-model.left}px)` }}>
        {cells}
      </div>
    </div>
  );
}
