import { useRef } from 'preact/hooks';
import { positionOf, thumbAt, type Extent } from './scroll';

interface Props {
  direction: 'vertical' | 'horizontal';
  position: number;
  extent: Extent;
  /** Pixels of the track. */
  track: number;
  onMove(position: number): void;
  /** The thumb is taken, or let go: `atEnd` tells that it was left at the very end. */
  onHold(held: boolean, atEnd: boolean): void;
}

/**
 * A scroll bar of ours over content too long for the browser's. It is for the pointer: the keyboard and those who
 * do not see it move by the grid itself.
 */
export function ScrollBar({ direction, position, extent, track, onMove, onHold }: Props) {
  const bar = useRef<HTMLDivElement>(null);
  const grip = useRef<number | null>(null);
  const thumb = thumbAt(position, extent, track);
  const vertical = direction === 'vertical';
  const along = (event: PointerEvent): number => {
    const box = bar.current!.getBoundingClientRect();
    return vertical ? event.clientY - box.top : event.clientX - box.left;
  };
  const take = (event: PointerEvent): void => {
    if (!thumb || event.button !== 0) return;
    event.preventDefault();
    event.stopPropagation();
    const at = along(event);
    bar.current!.setPointerCapture(event.pointerId);
    onHold(true, false);
    const onThumb = at >= thumb.start && at <= thumb.start + thumb.length;
    grip.current = onThumb ? at - thumb.start : thumb.length / 2;
    if (!onThumb) onMove(positionOf(at - grip.current, extent, track));
  };
  const drag = (event: PointerEvent): void => {
    if (grip.current !== null) onMove(positionOf(along(event) - grip.current, extent, track));
  };
  const leave = (event: PointerEvent): void => {
    if (grip.current === null || !thumb) return;
    const atEnd = along(event) - grip.current >= track - thumb.length;
    grip.current = null;
    onHold(false, atEnd);
  };
  return (
    <div
      ref={bar}
      class={`grid-scroll ${direction}${thumb ? '' : ' idle'}`}
      aria-hidden="true"
      onPointerDown={take}
      onPointerMove={drag}
      onPointerUp={leave}
      onPointerCancel={leave}
    >
      {thumb && (
        <div
          class="grid-thumb"
          style={
            vertical
              ? { top: `${thumb.start}px`, height: `${thumb.length}px` }
              : { left: `${thumb.start}px`, width: `${thumb.length}px` }
          }
        />
      )}
    </div>
  );
}
