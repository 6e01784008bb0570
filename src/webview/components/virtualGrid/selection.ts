/** A place in the grid. */
export interface Cell {
  row: number;
  column: number;
}

/** Ends included. */
export interface Range {
  first: Cell;
  last: Cell;
}

/**
 * What is selected: a rectangle between two corners, whole rows, whole columns or everything. `focus` is the active
 * cell, `anchor` the corner that stays when the selection is extended.
 */
export interface Selection {
  kind: 'cells' | 'rows' | 'columns' | 'all';
  anchor: Cell;
  focus: Cell;
}

export function selectCell(cell: Cell): Selection {
  return { kind: 'cells', anchor: cell, focus: cell };
}

export function extendTo(selection: Selection, focus: Cell): Selection {
  return { ...selection, kind: selection.kind === 'all' ? 'cells' : selection.kind, focus };
}

/** The selected rectangle in a grid of so many rows and columns; null when the grid has none. */
export function rangeOf({ kind, anchor, focus }: Selection, rows: number, columns: number): Range | null {
  if (rows <= 0 || columns <= 0) return null;
  const every = { row: kind === 'columns' || kind === 'all', column: kind === 'rows' || kind === 'all' };
  const end = { row: rows - 1, column: columns - 1 };
  const one = (which: 'row' | 'column'): [number, number] => {
    if (every[which]) return [0, end[which]];
    const [a, b] = [anchor[which], focus[which]];
    return [Math.min(a, b, end[which]), Math.min(Math.max(a, b), end[which])];
  };
  const [firstRow, lastRow] = one('row');
  const [firstColumn, lastColumn] = one('column');
  return { first: { row: firstRow, column: firstColumn }, last: { row: lastRow, column: lastColumn } };
}

export function holds({ first, last }: Range, row: number, column: number): boolean {
  return row >= first.row && row <= last.row && column >= first.column && column <= last.column;
}

export function isSingle({ first, last }: Range): boolean {
  return first.row === last.row && first.column === last.column;
}
