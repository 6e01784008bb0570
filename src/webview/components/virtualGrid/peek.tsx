import { useLayoutEffect, useRef } from 'preact/hooks';
import type { GridRow } from './gridSource';
import { Value, type ValueTexts } from './value';

export interface PeekTexts {
  peek: string;
  openValue: string;
}

interface Props {
  row: GridRow;
  column: number;
  /** The cell on the screen. */
  box: { x: number; y: number; width: number };
  texts: PeekTexts & ValueTexts;
  onOpen(): void;
  onClose(): void;
}

/** Characters shown in place; longer values are opened aside. */
const most = 4000;

/** A cell's value with its lines, over the grid where the cell is. The grid keeps the focus. */
export function Peek({ row, column, box, texts, onOpen, onClose }: Props) {
  const panel = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const { style, offsetWidth, offsetHeight } = panel.current!;
    style.left = `${Math.max(4, Math.min(box.x, window.innerWidth - offsetWidth - 8))}px`;
    style.top = `${Math.max(4, Math.min(box.y, window.innerHeight - offsetHeight - 8))}px`;
    style.minWidth = `${Math.min(box.width, 480)}px`;
  });
  const length = row.cut?.[column] ?? row.values[column]?.length ?? 0;
  return (
    <div
      ref={panel}
      class="grid-peek"
      role="tooltip"
      aria-label={texts.peek}
      onPointerDown={(event) => event.stopPropagation()}
    >
      <div class="grid-peek-text" aria-live="polite">
        <Value row={row} column={column} texts={texts} most={most} lines />
      </div>
      <div class="grid-peek-actions">
        {length > most && <span class="muted">{length.toLocaleString()}</span>}
        <button
          class="icon"
          tabIndex={-1}
          title={texts.openValue}
          aria-label={texts.openValue}
          onClick={onOpen}
        >
          <span class="codicon codicon-link-external" aria-hidden="true" />
        </button>
        <button class="icon" tabIndex={-1} title="Esc" aria-hidden="true" onClick={onClose}>
          <span class="codicon codicon-close" aria-hidden="true" />
        </button>
      </div>
    </div>
  );
}
