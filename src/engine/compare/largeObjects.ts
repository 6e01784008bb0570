import type { OpenSide, ObjectDigest } from './sides';
import type { Comparison, LargeObjectCompared } from './types';

/** Compares large objects by their contents; null where a side holds none of these, or neither has any. */
export async function compareLargeObjects(
  left: OpenSide,
  right: OpenSide,
  signal: AbortSignal,
): Promise<Comparison['largeObjects']> {
  const [ofLeft, ofRight] = [left.largeObjects(signal), right.largeObjects(signal)];
  if (!ofLeft || !ofRight) return null;
  const before = new Map<number, ObjectDigest>();
  for await (const { oid, bytes, digest } of ofLeft) {
    before.set(oid, { bytes, digest });
    left.facts.bytes += bytes;
  }
  const changed: LargeObjectCompared[] = [];
  let same = 0;
  for await (const { oid, bytes, digest } of ofRight) {
    right.facts.bytes += bytes;
    const other = before.get(oid);
    before.delete(oid);
    if (!other) changed.push({ oid, change: 'added', left: null, right: bytes });
    else if (other.digest === digest) same++;
    else changed.push({ oid, change: 'changed', left: other.bytes, right: bytes });
  }
  for (const [oid, { bytes }] of before) changed.push({ oid, change: 'removed', left: bytes, right: null });
  return { changed: changed.sort((a, b) => a.oid - b.oid), same };
}
