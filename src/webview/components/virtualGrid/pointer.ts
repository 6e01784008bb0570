import type { GridModel } from './gridModel';
import { extendTo, holds, selectCell, type Cell, type Selection } from './selection';

/** Where something points: a cell, a row's number, or a column's header. */
export type Place =
  { on: 'cell'; cell: Cell } | { on: 'row'; cell: Cell } | { on: 'header'; cell: Cell } | { on: 'nothing' };

/** What lies at a point, in pixels from the corner of the rows' view (row numbers at x < 0, headers at y < 0). */
export function placeAt(model: GridModel, x: number, y: number): Place {
  const row = Math.floor((model.top + y) / model.rowHeight);
  const column = model.layout.at(model.left + x);
  if (y < 0) {
    if (x < 0 || model.left + x >= model.layout.total) return { on: 'nothing' };
    return { on: 'header', cell: { row: Math.max(0, model.seen?.first ?? 0), column } };
  }
  if (row >= model.rows) return { on: 'nothing' };
  if (x < 0) return { on: 'row', cell: { row, column: model.active.column } };
  if (model.left + x >= model.layout.total) return { on: 'nothing' };
  return { on: 'cell', cell: { row, column } };
}

/** The selection after a press on a place; null when nothing was hit. */
export function pressed(place: Place, before: Selection, extend: boolean): Selection | null {
  if (place.on === 'nothing') return null;
  const kind = ({ cell: 'cells', row: 'rows', header: 'columns' } as const)[place.on];
  if (!extend || before.kind !== kind) {
    const first = extend && place.on === 'cell' && before.anchor.row >= 0 ? before.anchor : place.cell;
    return { kind, anchor: first, focus: place.cell };
  }
  return extendTo(before, place.cell);
}

/** The selection while the pointer is drawn on; outside it goes on to the nearest row and column. */
export function drawnTo(model: GridModel, x: number, y: number): Selection {
  const { selection, seen, view } = model;
  const inside = {
    x: Math.min(Math.max(0, x), view.width - 1),
    y: Math.min(Math.max(0, y), view.height - 1),
  };
  const row = Math.floor((model.top + inside.y) / model.rowHeight);
  const focus = {
    row: selection.kind === 'columns' ? selection.focus.row : Math.min(row, seen?.last ?? 0),
    column: selection.kind === 'rows' ? selection.focus.column : model.layout.at(model.left + inside.x),
  };
  return { ...selection, focus };
}

/** A press of the other button acts on the selection when it hits it, else on what it hits. */
export function menuTarget(model: GridModel, place: Place): void {
  if (place.on === 'nothing') return;
  const { row, column } = place.cell;
  const range = model.range;
  const inside =
    range &&
    (place.on === 'header'
      ? model.selection.kind === 'columns' || model.selection.kind === 'all'
      : place.on === 'row'
        ? model.selection.kind === 'rows' || model.selection.kind === 'all'
        : true) &&
    holds(range, row, column);
  if (!inside) model.select(pressed(place, selectCell(place.cell), false)!);
}
