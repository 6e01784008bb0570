import { useLayoutEffect, useRef } from 'preact/hooks';
import type { ClusterLine, RecoverTexts } from '../../shared/recoverPage';
import { reachOf, stepFor, type Scale } from './scale';
import { timeText } from './times';

interface Props {
  line: ClusterLine;
  scale: Scale;
  zoom: number;
  /** Null: where it lies is not known. */
  target: number | null;
  texts: RecoverTexts;
  left(time: number): string;
  onTime(ms: number): void;
}

/** Steps in what is seen. */
const stepsInSight = 200;

/** The target on the line: a slider of time. */
export function Handle({ line, scale, zoom, target, texts, left, onTime }: Props) {
  const own = useRef<HTMLDivElement>(null);
  const reach = reachOf(line);
  // Moved by keys it stays in sight.
  useLayoutEffect(() => {
    if (own.current && document.activeElement === own.current)
      own.current.scrollIntoView?.({ block: 'nearest', inline: 'nearest' });
  }, [target]);
  const key = (event: KeyboardEvent): void => {
    const from = target ?? reach?.to ?? scale.to;
    const step = event.shiftKey
      ? 1000
      : stepFor({ from: 0, to: (scale.to - scale.from) / zoom }, stepsInSight);
    const to = {
      ArrowRight: from + step,
      ArrowUp: from + step,
      ArrowLeft: from - step,
      ArrowDown: from - step,
      PageUp: from + 10 * step,
      PageDown: from - 10 * step,
      Home: reach?.from,
      End: reach?.to,
    }[event.key];
    if (to === undefined || event.altKey || event.ctrlKey) return;
    event.preventDefault();
    onTime(Math.max(scale.from, Math.min(scale.to, to)));
  };
  const at = target ?? reach?.to ?? scale.to;
  return (
    <div
      ref={own}
      class={target === null ? 'handle unknown' : 'handle'}
      role="slider"
      tabIndex={0}
      aria-label={texts.handle}
      aria-description={texts.keys}
      aria-valuemin={Math.round(scale.from)}
      aria-valuemax={Math.round(scale.to)}
      aria-valuenow={Math.round(at)}
      aria-valuetext={timeText(at)}
      title={timeText(at)}
      style={{ left: left(at) }}
      onKeyDown={key}
    />
  );
}
