import type { OpenSide } from './sides';
import type { SequenceCompared } from './types';

/** Values of the sequences that are on both sides; whether one is there at all is a matter of objects. */
export async function compareSequences(
  left: OpenSide,
  right: OpenSide,
  signal: AbortSignal,
): Promise<SequenceCompared[]> {
  const [before, after] = [await left.sequences(signal), await right.sequences(signal)];
  if (!before || !after) return [];
  return [...before].flatMap(([key, value]): SequenceCompared[] => {
    const other = after.get(key);
    if (!other || (other.value === value.value && other.called === value.called)) return [];
    const [, schema, name] = JSON.parse(key) as [string | null, string, string];
    return [{ schema, name, change: 'changed', left: value, right: other }];
  });
}
