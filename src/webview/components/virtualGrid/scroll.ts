/**
 * One direction of scrolling, without the browser's own: elements higher than some 33 million pixels are cut by
 * Chromium, and 100 million rows are 2.2 thousand million. A position is the pixel of the content at the start of
 * the view, as a number: exact far beyond any table.
 */
export interface Extent {
  /** Pixels of all content. */
  content: number;
  /** Pixels that can be seen. */
  view: number;
}

/** A scroll bar's thumb; pixels on its track. */
export interface Thumb {
  start: number;
  length: number;
}

/** Thumbs do not get smaller: VS Code's own do not either. */
const smallestThumb = 20;

/** The last position: the end of the content at the end of the view. */
export function lastPosition({ content, view }: Extent): number {
  return Math.max(0, content - view);
}

export function clampPosition(position: number, extent: Extent): number {
  return Math.min(Math.max(0, position), lastPosition(extent));
}

/** Where the thumb is; null when there is nothing to scroll. At both ends it touches the track's ends exactly. */
export function thumbAt(position: number, extent: Extent, track: number): Thumb | null {
  const last = lastPosition(extent);
  if (last <= 0 || track <= 0) return null;
  const length = Math.min(track, Math.max(smallestThumb, Math.round((track * extent.view) / extent.content)));
  return { start: (track - length) * (clampPosition(position, extent) / last), length };
}

/** The position a thumb's start stands for, a whole pixel: the first and the last are reached exactly. */
export function positionOf(start: number, extent: Extent, track: number): number {
  const last = lastPosition(extent);
  const thumb = thumbAt(0, extent, track);
  const room = thumb ? track - thumb.length : 0;
  if (room <= 0) return 0;
  return start >= room ? last : Math.round(last * Math.max(0, start / room));
}

/** The position nearest to the present one that shows a stretch of the content wholly, its start if it is too long. */
export function positionToShow(start: number, length: number, position: number, view: number): number {
  if (start < position || length >= view) return start;
  return Math.max(position, start + length - view);
}
