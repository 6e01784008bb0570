import { useRef } from 'preact/hooks';

interface Props {
  label: string;
  /** Id of the pane whose size it sets. */
  controls: string;
  /** The pane lies above, not beside. */
  stacked: boolean;
  /** Per cent of the whole. */
  value: number;
  onChange(value: number): void;
}

const least = 15;
const most = 85;
const usual = 34;

/** The border between two panes: drawn by the pointer, moved by arrow keys, reset by a double click. */
export function Splitter({ label, controls, stacked, value, onChange }: Props) {
  const bar = useRef<HTMLDivElement>(null);
  const set = (wanted: number): void =>
    onChange(Math.min(most, Math.max(least, Math.round(wanted * 10) / 10)));
  const drag = (event: PointerEvent): void => {
    const element = bar.current!;
    if (!element.hasPointerCapture(event.pointerId)) return;
    const whole = element.parentElement!.getBoundingClientRect();
    set(
      stacked
        ? ((event.clientY - whole.top) / whole.height) * 100
        : ((event.clientX - whole.left) / whole.width) * 100,
    );
  };
  const key = (event: KeyboardEvent): void => {
    const steps: Record<string, number> = stacked
      ? { ArrowUp: value - 2, ArrowDown: value + 2, Home: least, End: most, Enter: usual }
      : { ArrowLeft: value - 2, ArrowRight: value + 2, Home: least, End: most, Enter: usual };
    const wanted = steps[event.key];
    if (wanted === undefined || event.altKey) return;
    event.preventDefault();
    set(wanted);
  };
  return (
    <div
      ref={bar}
      class="splitter"
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-controls={controls}
      aria-orientation={stacked ? 'horizontal' : 'vertical'}
      aria-valuenow={Math.round(value)}
      aria-valuemin={least}
      aria-valuemax={most}
      onPointerDown={(event) => {
        event.preventDefault();
        bar.current!.focus();
        bar.current!.setPointerCapture(event.pointerId);
      }}
      onPointerMove={drag}
      onDblClick={() => set(usual)}
      onKeyDown={key}
    />
  );
}
