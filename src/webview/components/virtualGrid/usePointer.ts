import { useEffect, useRef } from 'preact/hooks';
import type { GridModel } from './gridModel';
import { drawnTo, menuTarget, placeAt, pressed, type Place } from './pointer';

interface Options {
  model: GridModel;
  /** The corner of the rows' view on the screen. */
  origin(): { x: number; y: number };
  onOpen(): void;
  onMenu(at: { x: number; y: number }): void;
}

/** How much of its speed a let-go finger's movement keeps per millisecond. */
const friction = 0.997;

/** Selecting by mouse, scrolling by wheel and by finger: exact pixels, whatever the number of rows. */
export function usePointer({ model, origin, onOpen, onMenu }: Options) {
  const drawing = useRef<{ x: number; y: number } | null>(null);
  const finger = useRef<{ x: number; y: number; time: number; vx: number; vy: number } | null>(null);
  const frame = useRef(0);
  useEffect(() => () => cancelAnimationFrame(frame.current), []);

  const at = (event: MouseEvent): { x: number; y: number } => {
    const corner = origin();
    return { x: event.clientX - corner.x, y: event.clientY - corner.y };
  };
  const placeOf = (event: MouseEvent): Place => {
    const { x, y } = at(event);
    return placeAt(model, x, y);
  };
  /** Held outside the view, the selection goes on growing. */
  const draw = (): void => {
    const pointer = drawing.current;
    if (!pointer) return;
    const beyond = (value: number, length: number): number =>
      value < 0 ? value : value > length ? value - length : 0;
    const down = model.selection.kind === 'columns' ? 0 : beyond(pointer.y, model.view.height);
    const right = model.selection.kind === 'rows' ? 0 : beyond(pointer.x, model.view.width);
    model.scrollBy(down / 3, right / 3);
    model.select(drawnTo(model, pointer.x, pointer.y));
    cancelAnimationFrame(frame.current);
    if (down || right) frame.current = requestAnimationFrame(draw);
  };
  const glide = (vx: number, vy: number, since: number): void => {
    frame.current = requestAnimationFrame((now) => {
      const passed = Math.max(1, now - since);
      const kept = friction ** passed;
      model.scrollBy(vy * passed, vx * passed);
      if (Math.hypot(vx, vy) > 0.02) glide(vx * kept, vy * kept, now);
    });
  };

  return {
    onWheel(event: WheelEvent) {
      // Control and wheel is the editor's own zoom.
      if (event.ctrlKey || event.metaKey) return;
      const line = event.deltaMode === 1 ? model.rowHeight : event.deltaMode === 2 ? model.view.height : 1;
      const [x, y] = event.shiftKey && !event.deltaX ? [event.deltaY, 0] : [event.deltaX, event.deltaY];
      event.preventDefault();
      model.scrollBy(y * line, x * line);
    },
    onPointerDown(event: PointerEvent) {
      cancelAnimationFrame(frame.current);
      if (event.pointerType === 'touch') {
        finger.current = { x: event.clientX, y: event.clientY, time: event.timeStamp, vx: 0, vy: 0 };
        return;
      }
      if (event.button !== 0) return;
      const selection = pressed(placeOf(event), model.selection, event.shiftKey);
      if (!selection) return;
      model.select(selection);
      drawing.current = at(event);
      (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    },
    onPointerMove(event: PointerEvent) {
      const touch = finger.current;
      if (touch) {
        const passed = Math.max(1, event.timeStamp - touch.time);
        const [dx, dy] = [touch.x - event.clientX, touch.y - event.clientY];
        finger.current = {
          x: event.clientX,
          y: event.clientY,
          time: event.timeStamp,
          vx: dx / passed,
          vy: dy / passed,
        };
        model.scrollBy(dy, dx);
      } else if (drawing.current) {
        drawing.current = at(event);
        draw();
      }
    },
    onPointerUp() {
      const touch = finger.current;
      const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
      if (touch && !calm) glide(touch.vx, touch.vy, performance.now());
      finger.current = drawing.current = null;
    },
    onPointerCancel() {
      finger.current = drawing.current = null;
    },
    /** A tap is a click without a press of ours before. */
    onClick(event: MouseEvent) {
      if ((event as PointerEvent).pointerType !== 'touch') return;
      const selection = pressed(placeOf(event), model.selection, false);
      if (selection) model.select(selection);
    },
    onDblClick(event: MouseEvent) {
      if (placeOf(event).on === 'cell') onOpen();
    },
    onContextMenu(event: MouseEvent) {
      event.preventDefault();
      // The menu key comes as this event too, without a place; it is met as a key.
      if (event.button !== 2 && (event as PointerEvent).pointerType !== 'touch') return;
      menuTarget(model, placeOf(event));
      onMenu({ x: event.clientX, y: event.clientY });
    },
  };
}
