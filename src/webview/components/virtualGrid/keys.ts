/** What a key does in the grid. */
export type GridAction =
  | { do: 'move'; rows: number; columns: number; extend: boolean }
  | { do: 'page'; pages: number; extend: boolean }
  | { do: 'edge'; edge: 'left' | 'right' | 'top' | 'bottom' | 'start' | 'end'; extend: boolean }
  | { do: 'select'; what: 'row' | 'column' | 'all' }
  | { do: 'resize'; by: number }
  | { do: 'fit' | 'open' | 'peek' | 'copy' | 'copyHeaders' | 'menu' | 'escape' };

/** A key press, as `KeyboardEvent` tells it. */
export interface Key {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
}

const arrows: Record<string, { rows: number; columns: number; edge: 'left' | 'right' | 'top' | 'bottom' }> = {
  ArrowUp: { rows: -1, columns: 0, edge: 'top' },
  ArrowDown: { rows: 1, columns: 0, edge: 'bottom' },
  ArrowLeft: { rows: 0, columns: -1, edge: 'left' },
  ArrowRight: { rows: 0, columns: 1, edge: 'right' },
};

/** Pixels a column gets wider or narrower with a key. */
const widthStep = 16;

/** The action of a key; null leaves it to others. */
export function actionOf({ key, ctrlKey, metaKey, shiftKey, altKey }: Key): GridAction | null {
  const control = ctrlKey || metaKey;
  const arrow = arrows[key];
  if (altKey) {
    if (key === 'ArrowLeft' || key === 'ArrowRight')
      return control ? null : { do: 'resize', by: key === 'ArrowLeft' ? -widthStep : widthStep };
    return key === 'Enter' ? { do: 'fit' } : null;
  }
  if (arrow) {
    if (control) return { do: 'edge', edge: arrow.edge, extend: shiftKey };
    return { do: 'move', rows: arrow.rows, columns: arrow.columns, extend: shiftKey };
  }
  switch (key) {
    case 'PageUp':
      return control ? null : { do: 'page', pages: -1, extend: shiftKey };
    case 'PageDown':
      return control ? null : { do: 'page', pages: 1, extend: shiftKey };
    case 'Home':
      return { do: 'edge', edge: control ? 'start' : 'left', extend: shiftKey };
    case 'End':
      return { do: 'edge', edge: control ? 'end' : 'right', extend: shiftKey };
    case ' ':
      if (control) return { do: 'select', what: 'column' };
      return shiftKey ? { do: 'select', what: 'row' } : { do: 'peek' };
    case 'Enter':
      return control || shiftKey ? null : { do: 'open' };
    case 'F10':
      return shiftKey ? { do: 'menu' } : null;
    case 'ContextMenu':
      return { do: 'menu' };
    case 'Escape':
      return { do: 'escape' };
  }
  if (!control) return null;
  if (key === 'a' || key === 'A') return shiftKey ? null : { do: 'select', what: 'all' };
  if (key === 'c' || key === 'C') return { do: shiftKey ? 'copyHeaders' : 'copy' };
  return null;
}
