import type { Listing } from './listing';

/** What of the contents is shown. Empty lists and an empty text let everything through. */
export interface Filter {
  /** Words that must all occur in `schema.name`. */
  text: string;
  kinds: string[];
  schemas: string[];
  owners: string[];
  /** The text is looked for in definitions too. */
  definitions: boolean;
  /** Only what is ticked, and what it needs. */
  ticked: boolean;
}

export const NO_FILTER: Filter = {
  text: '',
  kinds: [],
  schemas: [],
  owners: [],
  definitions: false,
  ticked: false,
};

export function isFiltering(filter: Filter): boolean {
  const { text, kinds, schemas, owners, ticked } = filter;
  return text.trim() !== '' || kinds.length + schemas.length + owners.length > 0 || ticked;
}

export function wordsOf(text: string): string[] {
  return text.toLowerCase().split(/\s+/).filter(Boolean);
}

/**
 * Which entries fit.
 *
 * @param inDefinitions ids of entries whose definition holds the text; null when they are not looked at (yet)
 * @param marked ids that `ticked` lets through
 * @returns 1 for every entry that fits, else 0; null when there is nothing to filter by
 */
export function fitting(
  listing: Listing,
  filter: Filter,
  inDefinitions: ReadonlySet<number> | null,
  marked: (id: number) => boolean,
): Uint8Array | null {
  if (!isFiltering(filter)) return null;
  const words = wordsOf(filter.text);
  const kinds = chosen(filter.kinds);
  const schemas = chosen(filter.schemas);
  const owners = chosen(filter.owners);
  const shown = new Uint8Array(listing.length);
  for (let entry = 0; entry < listing.length; entry++) {
    if (kinds && !kinds.has(listing.kind(entry))) continue;
    if (schemas && !schemas.has(listing.schema(entry))) continue;
    if (owners && !owners.has(listing.owner(entry))) continue;
    if (filter.ticked && !marked(listing.ids[entry]!)) continue;
    if (words.length > 0 && !inDefinitions?.has(listing.ids[entry]!)) {
      const schema = listing.schema(entry);
      const name = listing.names[entry]!;
      const text = (schema === '' ? name : `${schema}.${name}`).toLowerCase();
      if (!words.every((word) => text.includes(word))) continue;
    }
    shown[entry] = 1;
  }
  return shown;
}

function chosen(words: string[]): Set<string> | null {
  return words.length > 0 ? new Set(words) : null;
}

/** Where words of a filter occur in a text: ranges without overlaps, in order. */
export function occurrences(text: string, words: string[]): [from: number, to: number][] {
  const lower = text.toLowerCase();
  // A letter may become two in lower case; then positions would be wrong.
  if (lower.length !== text.length) return [];
  const ranges: [number, number][] = [];
  for (const word of words)
    for (let at = lower.indexOf(word); at >= 0; at = lower.indexOf(word, at + word.length))
      ranges.push([at, at + word.length]);
  ranges.sort((a, b) => a[0] - b[0] || b[1] - a[1]);
  return ranges.reduce<[number, number][]>((merged, range) => {
    const last = merged.at(-1);
    if (last && range[0] <= last[1]) last[1] = Math.max(last[1], range[1]);
    else merged.push(range);
    return merged;
  }, []);
}
