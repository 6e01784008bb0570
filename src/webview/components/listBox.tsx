import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { useRowWindow } from './rowWindow';

const rowHeight = 22;
/** Of a row is seen at the end of a list that goes on. */
const half = 0.5;

interface Props {
  id: string;
  label: string;
  count: number;
  /** Rows that are seen at most; the list fills its place when absent. */
  most?: number;
  selected?: number;
  row(index: number): ComponentChildren;
  rowLabel(index: number): string;
  onOpen(index: number): void;
  /** Rows that are drawn, for those who have to fetch them. */
  onSeen?(first: number, end: number): void;
}

/** A list of any length to choose from, of which only what is seen is drawn. */
export function ListBox({ id, label, count, most, selected = -1, row, rowLabel, onOpen, onSeen }: Props) {
  const view = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(Math.max(0, selected));
  const seen = useRowWindow(view, count, rowHeight);
  onSeen?.(seen.first, seen.end);
  const key = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const to = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      PageDown: active + seen.page,
      PageUp: active - seen.page,
      Home: 0,
      End: count - 1,
    }[event.key];
    if (to !== undefined) {
      const next = Math.min(count - 1, Math.max(0, to));
      setActive(next);
      seen.show(next);
    } else if ((event.key === 'Enter' || event.key === ' ') && active < count) onOpen(active);
    else return;
    event.preventDefault();
  };
  const rows = [];
  for (let index = seen.first; index < seen.end; index++)
    rows.push(
      <div
        key={index}
        id={`${id}-${index}`}
        class={index === active ? 'list-row active' : 'list-row'}
        role="option"
        aria-selected={index === selected}
        aria-setsize={count}
        aria-posinset={index + 1}
        aria-label={rowLabel(index)}
        style={{ top: `${index * rowHeight}px` }}
        onClick={() => {
          setActive(index);
          onOpen(index);
        }}
      >
        {row(index)}
      </div>,
    );
  return (
    <div
      ref={view}
      class="list"
      role="listbox"
      tabIndex={0}
      aria-label={label}
      aria-activedescendant={count > 0 ? `${id}-${active}` : undefined}
      style={most === undefined ? undefined : { height: `${Math.min(most + half, count) * rowHeight}px` }}
      onKeyDown={key}
    >
      <div role="none" style={{ height: `${count * rowHeight}px` }}>
        {rows}
      </div>
    </div>
  );
}
