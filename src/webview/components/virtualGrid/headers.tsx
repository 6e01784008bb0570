import type { GridColumn } from './gridSource';
import type { GridModel } from './gridModel';
import { headerRow } from './gridModel';
import { visibleText } from '../../../shared/visibleText';

export interface HeaderTexts {
  key: string;
  notNull: string;
  rowNumbers: string;
}

interface Props {
  columns: readonly GridColumn[];
  model: GridModel;
  id: string;
  gutter: number;
  texts: HeaderTexts;
  onFit(column: number): void;
  /** A width was set by hand. */
  onResized(column: number): void;
}

/** The row of column headers: name, type and marks, and a handle to draw the column wider or narrower. */
export function Headers({ columns, model, id, gutter, texts, onFit, onResized }: Props) {
  const seen = model.seenColumns;
  const range = model.range;
  const { active, selection } = model;
  const shown = seen ? columns.slice(seen.first, seen.last + 1) : [];
  return (
    <div class="grid-head" role="row" aria-rowindex={1}>
      <div
        class="grid-corner"
        role="columnheader"
        aria-colindex={1}
        aria-label={texts.rowNumbers}
        style={{ width: `${gutter}px` }}
        onPointerDown={() => model.act({ do: 'select', what: 'all' })}
      />
      <div class="grid-strip" role="none" style={{ transform: `translateX(${-model.left}px)` }}>
        {shown.map((column, index) => {
          const number = seen!.first + index;
          const isActive = active.row === headerRow && active.column === number;
          const selected =
            range !== null &&
            (selection.kind === 'columns' || selection.kind === 'all') &&
            number >= range.first.column &&
            number <= range.last.column;
          return (
            <div
              key={number}
              id={`${id}-h${number}`}
              class={[
                'grid-header',
                isActive && 'active',
                selected && 'selected',
                column.numeric && 'numeric',
              ]
                .filter(Boolean)
                .join(' ')}
              role="columnheader"
              aria-colindex={number + 2}
              aria-selected={selected}
              aria-label={[
                visibleText(column.name),
                column.type,
                column.key && texts.key,
                column.notNull && texts.notNull,
              ]
                .filter(Boolean)
                .join(', ')}
              title={[
                visibleText(column.name),
                column.type,
                column.key && texts.key,
                column.notNull && texts.notNull,
              ]
                .filter(Boolean)
                .join('\n')}
              data-column={number}
              style={{
                left: `${gutter + model.layout.start(number)}px`,
                width: `${model.layout.widths[number]}px`,
              }}
            >
              <span class="grid-name">
                {column.key && <span class="codicon codicon-key" aria-hidden="true" />}
                <span class="grid-name-text">{visibleText(column.name)}</span>
                {column.notNull && (
                  <span class="grid-required" aria-hidden="true">
                    ∗
                  </span>
                )}
              </span>
              <span class="grid-type">{column.type ?? ''}</span>
              <Handle
                width={model.layout.widths[number]!}
                onWidth={(width) => model.resize(number, width)}
                onDone={() => onResized(number)}
                onFit={() => onFit(number)}
              />
            </div>
          );
        })}
      </div>
    </div>
  );
}

interface HandleProps {
  width: number;
  onWidth(width: number): void;
  onDone(): void;
  onFit(): void;
}

/** The border of a header, to be drawn; a double click fits the column to what it holds. */
function Handle({ width, onWidth, onDone, onFit }: HandleProps) {
  const take = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    event.preventDefault();
    event.stopPropagation();
    const handle = event.currentTarget as HTMLElement;
    const start = event.clientX;
    handle.setPointerCapture(event.pointerId);
    const drag = (move: PointerEvent): void => onWidth(width + move.clientX - start);
    const leave = (last: PointerEvent): void => {
      handle.removeEventListener('pointermove', drag);
      handle.removeEventListener('pointerup', leave);
      handle.removeEventListener('pointercancel', leave);
      if (last.clientX !== start) onDone();
    };
    handle.addEventListener('pointermove', drag);
    handle.addEventListener('pointerup', leave);
    handle.addEventListener('pointercancel', leave);
  };
  return (
    <span
      class="grid-handle"
      aria-hidden="true"
      onPointerDown={take}
      onDblClick={(event) => {
        event.stopPropagation();
        onFit();
      }}
    />
  );
}
