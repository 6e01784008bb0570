interface Point {
  at: number;
  when: string;
  /** Null: nobody knows. */
  value: number | null;
  wrong: boolean;
}

interface Props {
  label: string;
  points: Point[];
  active: number;
  onActive(index: number): void;
  format(value: number, index: number): string;
}

const width = 800;
const height = 180;
const edge = 12;

/** A line over time; arrows go from point to point. The table below says the same. */
export function Chart({ label, points, active, onActive, format }: Props) {
  const known = points.flatMap(({ value }) => (value === null ? [] : [value]));
  const most = Math.max(1, ...known);
  const [first, last] = [points[0]?.at ?? 0, points.at(-1)?.at ?? 1];
  const place = ({ at, value }: Point): { x: number; y: number } => ({
    x: last > first ? edge + ((at - first) / (last - first)) * (width - 2 * edge) : width / 2,
    y: height - edge - ((value ?? 0) / most) * (height - 2 * edge),
  });
  const line = points
    .filter(({ value }) => value !== null)
    .map((point) => place(point))
    .map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`)
    .join(' ');
  const shown = points[active];
  const key = (event: KeyboardEvent): void => {
    const to = { ArrowLeft: active - 1, ArrowRight: active + 1, Home: 0, End: points.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    onActive(Math.max(0, Math.min(points.length - 1, to)));
  };
  return (
    <figure
      class="chart"
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={points.length - 1}
      aria-valuenow={active}
      aria-valuetext={shown ? textOf(shown, active) : ''}
      onKeyDown={key}
    >
      <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
        <line class="ground" x1="0" x2={width} y1={height - edge} y2={height - edge} />
        <polyline class="course" points={line} />
      </svg>
      <div class="marks" aria-hidden="true">
        {points.map((point, index) => {
          if (point.value === null) return null;
          const { x, y } = place(point);
          return (
            <button
              key={index}
              type="button"
              tabIndex={-1}
              class={`mark${point.wrong ? ' wrong' : ''}${index === active ? ' active' : ''}`}
              style={{ left: `${(x / width) * 100}%`, top: `${(y / height) * 100}%` }}
              title={textOf(point, index)}
              onClick={() => onActive(index)}
            />
          );
        })}
      </div>
      <figcaption class="muted">{shown ? textOf(shown, active) : ''}</figcaption>
    </figure>
  );

  function textOf({ when, value }: Point, index: number): string {
    return value === null ? when : `${when}: ${format(value, index)}`;
  }
}
