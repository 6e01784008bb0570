import { useId, useLayoutEffect, useReducer, useRef } from 'preact/hooks';
import { Rows } from './body';
import { fitColumn } from './columnLayout';
import { headerRow, type GridModel } from './gridModel';
import type { GridSource } from './gridSource';
import { Headers, type HeaderTexts } from './headers';
import { actionOf } from './keys';
import { Peek, type PeekTexts } from './peek';
import { ScrollBar } from './scrollBar';
import { usePointer } from './usePointer';
import { useSize } from './useSize';
import type { ValueTexts } from './value';
import './virtualGrid.css';

export type GridTexts = ValueTexts & HeaderTexts & PeekTexts & { loading: string };

interface Props {
  /** What the grid is, for those who hear it. */
  label: string;
  model: GridModel;
  source: GridSource;
  texts: GridTexts;
  /** The active cell is opened: Enter, a double click. */
  onOpen(): void;
  /** The selection's menu is asked for, at a place on the screen. */
  onMenu(at: { x: number; y: number }): void;
  onCopy(headers: boolean): void;
  /** A column was given a width by hand. */
  onResized(column: number): void;
  /** The end was asked for while nobody knows where it is. */
  onSeekEnd(extend: boolean): void;
  /** Whether the active cell is shown in place, whole; `onPeek` asks for it or for its end. */
  peek: boolean;
  onPeek(shown: boolean): void;
}

/** A grid of rows and columns of which only what is seen is drawn. Its one tab stop is the grid itself. */
export function VirtualGrid(props: Props) {
  const { model, source, texts } = props;
  const id = useId();
  const [, redraw] = useReducer<number, void>((count) => count + 1, 0);
  const root = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLDivElement>(null);
  const probe = useRef<HTMLSpanElement>(null);
  const digits = Math.max(3, source.label(Math.max(0, source.extent.rows - 1)).length);
  const gutter = Math.ceil(digits * model.character) + 18;

  // Before the size is measured: what that changes is to be drawn.
  useLayoutEffect(() => model.subscribe(() => redraw()), [model]);
  useLayoutEffect(
    () =>
      source.subscribe(() => {
        model.settle();
        redraw();
      }),
    [source, model],
  );
  useSize(
    body,
    (width, height) => {
      const box = probe.current!.getBoundingClientRect();
      const rowHeight = Math.max(22, Math.ceil(box.height));
      model.setView(Math.max(0, width - gutter), height, rowHeight, box.width / 10 || model.character);
    },
    [model, gutter],
  );
  const seen = model.seen;
  useLayoutEffect(() => {
    if (seen) source.want(seen.first, seen.last);
  }, [source, seen?.first, seen?.last]);

  const fit = (column: number): void => {
    fitColumn(model, source, column);
    props.onResized(column);
  };
  const { active } = model;
  const cellBox = (): { x: number; y: number; width: number } => {
    const box = body.current!.getBoundingClientRect();
    return {
      x: box.left + gutter + model.layout.start(active.column) - model.left,
      y: box.top + active.row * model.rowHeight - model.top,
      width: model.layout.widths[active.column] ?? 0,
    };
  };
  const menuAtCell = (): void => {
    const box = cellBox();
    const y = active.row === headerRow ? root.current!.getBoundingClientRect().top : box.y;
    props.onMenu({ x: box.x + 8, y: y + model.rowHeight });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const action = actionOf(event);
    if (!action) return;
    const seekEnd =
      action.do === 'edge' && (action.edge === 'end' || action.edge === 'bottom') && !source.extent.exact;
    if (seekEnd) props.onSeekEnd(action.extend);
    else if (action.do === 'fit') fit(active.column);
    else if (action.do === 'copy' || action.do === 'copyHeaders') props.onCopy(action.do === 'copyHeaders');
    else if (action.do === 'menu') menuAtCell();
    else if (action.do === 'open' && active.row === headerRow) menuAtCell();
    else if (action.do === 'open') props.onOpen();
    else if (action.do === 'peek') props.onPeek(active.row >= 0 && !props.peek);
    else if (action.do === 'escape') {
      if (!props.peek) return;
      props.onPeek(false);
    } else if (!model.act(action)) return;
    if (action.do === 'resize') props.onResized(active.column);
    event.preventDefault();
    event.stopPropagation();
  };
  const pointer = usePointer({
    model,
    origin: () => {
      const box = body.current!.getBoundingClientRect();
      return { x: box.left + gutter, y: box.top };
    },
    onOpen: props.onOpen,
    onMenu: props.onMenu,
  });
  const activeSeen =
    active.row === headerRow || (seen !== null && active.row >= seen.first && active.row <= seen.last);
  const activeData = source.row(active.row);
  const activeId =
    active.row === headerRow
      ? `${id}-h${active.column}`
      : activeData?.note !== undefined
        ? `${id}-r${active.row}`
        : `${id}-r${active.row}c${active.column}`;
  return (
    <div class="virtual-grid">
      <div
        ref={root}
        class="grid-table"
        role="grid"
        tabIndex={0}
        aria-label={props.label}
        aria-readonly="true"
        aria-multiselectable="true"
        aria-rowcount={source.extent.exact ? source.extent.rows + 1 : -1}
        aria-colcount={source.columns.length + 1}
        aria-activedescendant={activeSeen && source.columns.length ? activeId : undefined}
        onKeyDown={onKeyDown}
        {...pointer}
      >
        <span ref={probe} class="grid-probe" aria-hidden="true">
          0000000000
        </span>
        <Headers
          columns={source.columns}
          {...{ model, id, gutter, texts }}
          onFit={fit}
          onResized={props.onResized}
        />
        <div ref={body} class="grid-body" role="rowgroup">
          <Rows {...{ model, source, id, gutter, texts }} />
        </div>
      </div>
      <ScrollBar
        direction="vertical"
        position={model.top}
        extent={model.vertical}
        track={model.view.height}
        onMove={(top) => model.scrollTo(top)}
        onHold={(held, atEnd) => {
          model.hold(held);
          if (!held && atEnd && !source.extent.exact) props.onSeekEnd(false);
        }}
      />
      <ScrollBar
        direction="horizontal"
        position={model.left}
        extent={model.horizontal}
        track={model.view.width}
        onMove={(left) => model.scrollTo(model.top, left)}
        onHold={() => undefined}
      />
      {props.peek && activeSeen && activeData && active.row >= 0 && (
        <Peek
          row={activeData}
          column={active.column}
          box={cellBox()}
          texts={texts}
          onOpen={props.onOpen}
          onClose={() => props.onPeek(false)}
        />
      )}
    </div>
  );
}
