import type { WalArchive } from '../wal/types';

/** The stretch of time an archive covers without a gap up to its end, by the times its files were written. */
export interface ArchiveWindow {
  /** ISO 8601. */
  from: string;
  to: string;
  gaps: number;
}

/** Null for an archive without segments. */
export function archiveWindow({ timelines, gaps }: WalArchive): ArchiveWindow | null {
  const newest = timelines.flatMap(({ bands }) => bands.at(-1) ?? []).at(-1);
  if (!newest) return null;
  const missing = gaps.some(({ timeline, to }) => timeline === newest.timeline && to === newest.from);
  // The way back goes over the timelines that this one came from, as long as nothing is missing between.
  const chain = timelines.find(({ timeline }) => timeline === newest.timeline);
  const parents = new Set((chain?.history ?? []).map(({ timeline }) => timeline));
  const isWhole =
    !missing && gaps.every(({ timeline }) => timeline !== newest.timeline && !parents.has(timeline));
  const bands = timelines.flatMap((one) => (parents.has(one.timeline) ? one.bands : []));
  const first = isWhole && chain?.bands.length === 1 ? (bands[0] ?? newest) : newest;
  return { from: first.firstModified, to: newest.lastModified, gaps: gaps.length };
}
