import { useEffect, useState } from 'preact/hooks';
import type { Surroundings } from '../calls';

/** How far the host is with a task: 0 … 1, null while there is none. */
export function useProgress(watch: Surroundings['watch'], task: string): number | null {
  const [fraction, setFraction] = useState<number | null>(null);
  useEffect(() => watch(task, setFraction), [task]);
  return fraction;
}
