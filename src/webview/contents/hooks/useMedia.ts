import { useEffect, useState } from 'preact/hooks';

/** Whether a media query fits, now and when the window changes. */
export function useMedia(query: string): boolean {
  // The tests' page has no layout.
  const media = typeof window.matchMedia === 'function' ? window.matchMedia(query) : null;
  const [fits, setFits] = useState(media?.matches ?? false);
  useEffect(() => {
    if (!media) return;
    const look = (): void => setFits(media.matches);
    media.addEventListener('change', look);
    return () => media.removeEventListener('change', look);
  }, [query]);
  return fits;
}
