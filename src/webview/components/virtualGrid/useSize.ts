import type { RefObject } from 'preact';
import { useLayoutEffect } from 'preact/hooks';

/** Tells an element's size: now, when it changes, and when one of `causes` does. */
export function useSize(
  element: RefObject<HTMLElement | null>,
  tell: (width: number, height: number) => void,
  causes: unknown[],
): void {
  useLayoutEffect(() => {
    const { current } = element;
    if (!current) return;
    const measure = (): void => tell(current.clientWidth, current.clientHeight);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(current);
    return () => observer.disconnect();
  }, causes);
}
