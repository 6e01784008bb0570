import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Icon } from '../components/text';
import type { ClusterLine, EventLine, Mark, RecoverDraft, RecoverTexts } from '../../shared/recoverPage';
import { Handle } from './handle';
import { Marks } from './marks';
import { placeTime, scaleOf, shareAt, ticksOf, tickText, timeOf, type Scale } from './scale';

interface Props {
  line: ClusterLine;
  draft: RecoverDraft;
  events: readonly EventLine[];
  texts: RecoverTexts;
  locale: string;
  onTime(ms: number): void;
  onMark(mark: Mark): void;
}

const mostZoom = 256;
const ticksInSight = 6;

/** A line of no more than ten minutes is pressed to the tenth of a second. */
const secondsWithin = 600_000;

/** Backups as marks, WAL as bands, gaps, branches, and the target, all on one scale of time. */
export function TimeLine({ line, draft, events, texts, locale, onTime, onMark }: Props) {
  const [zoom, setZoom] = useState(1);
  const scroll = useRef<HTMLDivElement>(null);
  const track = useRef<HTMLDivElement>(null);
  const dragging = useRef(false);
  const scale = scaleOf(line);
  const target = timeOf(line, draft);
  // What one looks closer at stays in sight.
  useLayoutEffect(() => {
    const box = scroll.current;
    if (!box || !scale || zoom === 1) return;
    const share = shareAt(scale, target ?? scale.to);
    box.scrollLeft = share * box.scrollWidth - box.clientWidth / 2;
  }, [zoom]);
  if (!scale) return null;
  const zoomBy = (factor: number): void => setZoom(Math.max(1, Math.min(mostZoom, zoom * factor)));
  const left = (time: number): string => `${shareAt(scale, time) * 100}%`;
  const point = (event: PointerEvent): void => {
    const box = track.current?.getBoundingClientRect();
    if (!box || box.width === 0) return;
    const share = Math.max(0, Math.min(1, (event.clientX - box.left) / box.width));
    // Whole seconds, but where a second is wide: what lies beside a place within it may be a gap.
    const unit = scale.to - scale.from > secondsWithin ? 1000 : 100;
    onTime(Math.round((scale.from + share * (scale.to - scale.from)) / unit) * unit);
  };
  return (
    <section class="time-line" aria-label={texts.timeLine}>
      <div class="names" aria-hidden="true">
        <span>{texts.backups}</span>
        {line.timelines.map(({ timeline, label }) => (
          <span key={timeline}>{label}</span>
        ))}
      </div>
      <div
        class="scroll"
        ref={scroll}
        onWheel={(event) => {
          if (!event.ctrlKey) return;
          event.preventDefault();
          zoomBy(event.deltaY < 0 ? 2 : 0.5);
        }}
      >
        <div
          class="track"
          ref={track}
          style={{ width: `${zoom * 100}%` }}
          onPointerDown={(event) => {
            if (event.button !== 0 || (event.target as Element).closest('.mark')) return;
            dragging.current = true;
            (event.currentTarget as Element).setPointerCapture?.(event.pointerId);
            point(event);
          }}
          onPointerMove={(event) => dragging.current && point(event)}
          onPointerUp={() => (dragging.current = false)}
          onPointerCancel={() => (dragging.current = false)}
        >
          <Marks marks={line.marks} chosen={draft.from} left={left} texts={texts} onMark={onMark} />
          {line.timelines.map((one) => (
            <Bands key={one.timeline} {...{ line, one, scale, left }} />
          ))}
          <div class="events">
            {events.map((event) => (
              <span
                key={event.lsn}
                class={`event ${event.kind}`}
                style={{ left: left(Date.parse(event.time)) }}
                title={event.label}
              />
            ))}
          </div>
          <div class="axis" aria-hidden="true">
            {ticksOf(scale, ticksInSight * zoom).map((tick) => (
              <span key={tick.at} style={{ left: left(tick.at) }}>
                {tickText(tick, locale)}
              </span>
            ))}
          </div>
          <Handle {...{ line, scale, zoom, target, texts, left, onTime }} />
        </div>
      </div>
      <div class="zoom">
        <button
          type="button"
          class="icon"
          title={texts.zoomIn}
          aria-label={texts.zoomIn}
          disabled={zoom >= mostZoom}
          onClick={() => zoomBy(2)}
        >
          <Icon name="zoom-in" />
        </button>
        <button
          type="button"
          class="icon"
          title={texts.zoomOut}
          aria-label={texts.zoomOut}
          disabled={zoom <= 1}
          onClick={() => zoomBy(0.5)}
        >
          <Icon name="zoom-out" />
        </button>
      </div>
    </section>
  );
}

interface BandsProps {
  line: ClusterLine;
  one: ClusterLine['timelines'][number];
  scale: Scale;
  left(time: number): string;
}

/** The WAL of one timeline: frames for what is there, filled where a backup leads to it. */
function Bands({ line, one, scale, left }: BandsProps) {
  const { timeline, bands, parent } = one;
  const width = (from: number, to: number): string => `${(shareAt(scale, to) - shareAt(scale, from)) * 100}%`;
  const branch = parent && placeTime(line, parent.timeline, parent);
  const span = (from: string, to: string) => ({
    left: left(Date.parse(from)),
    width: width(Date.parse(from), Date.parse(to)),
  });
  return (
    <div class="bands">
      {bands.map(({ from, to, label }) => (
        <span
          key={from.lsn}
          class="band"
          role="img"
          aria-label={label}
          title={label}
          style={span(from.time, to.time)}
        />
      ))}
      {line.windows
        .filter((window) => window.timeline === timeline)
        .map(({ from, to }) => (
          <span key={`${from.lsn} ${to.lsn}`} class="window" style={span(from.time, to.time)} />
        ))}
      {line.gaps
        .filter((gap) => gap.timeline === timeline)
        .map((gap) => {
          const [from, to] = [placeTime(line, timeline, gap.from), placeTime(line, timeline, gap.to)];
          if (from === null) return null;
          return (
            <span
              key={gap.from.lsn}
              class="gap"
              role="img"
              aria-label={gap.label}
              title={gap.label}
              style={{ left: left(from), width: width(from, to ?? from) }}
            >
              <Icon name="close" />
            </span>
          );
        })}
      {branch !== null && branch !== undefined && <span class="branch" style={{ left: left(branch) }} />}
    </div>
  );
}
