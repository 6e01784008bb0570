import type { RefObject } from 'preact';
import { useCallback, useLayoutEffect, useState } from 'preact/hooks';

/** Rows drawn beyond what is seen, above and below. */
const spare = 6;
/** Taken for the height of a view that is not laid out. */
const assumedHeight = 660;

export interface RowWindow {
  /** Rows to draw: from `first` up to, without, `end`. */
  first: number;
  end: number;
  /** Rows that fit into the view. */
  page: number;
  /** Scrolls as little as needed to show a row. */
  show(row: number): void;
}

/** Which rows of a long list in a scrolling element are seen, all of one height. */
export function useRowWindow(
  view: RefObject<HTMLElement | null>,
  count: number,
  rowHeight: number,
): RowWindow {
  const [seen, setSeen] = useState({ top: 0, height: assumedHeight });
  useLayoutEffect(() => {
    const element = view.current;
    if (!element) return;
    const look = (): void => {
      const top = element.scrollTop;
      const height = element.clientHeight || assumedHeight;
      setSeen((before) => (before.top === top && before.height === height ? before : { top, height }));
    };
    look();
    element.addEventListener('scroll', look, { passive: true });
    const observer = typeof ResizeObserver === 'undefined' ? null : new ResizeObserver(look);
    observer?.observe(element);
    return () => {
      element.removeEventListener('scroll', look);
      observer?.disconnect();
    };
  }, [view, count === 0]);
  const show = useCallback(
    (row: number) => {
      const element = view.current;
      if (!element) return;
      const top = row * rowHeight;
      const height = element.clientHeight || assumedHeight;
      if (top < element.scrollTop) element.scrollTop = top;
      else if (top + rowHeight > element.scrollTop + height) element.scrollTop = top + rowHeight - height;
    },
    [view, rowHeight],
  );
  const first = Math.max(0, Math.min(count, Math.floor(seen.top / rowHeight)) - spare);
  return {
    first,
    end: Math.min(count, Math.ceil((seen.top + seen.height) / rowHeight) + spare),
    page: Math.max(1, Math.floor(seen.height / rowHeight) - 1),
    show,
  };
}
