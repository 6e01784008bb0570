import { useEffect, useMemo, useState } from 'preact/hooks';
import type { ErrorFacts } from '../../../shared/rpc';
import { useCall } from '../../components/useCall';
import type { Calls } from '../calls';
import { fitting, NO_FILTER, type Filter } from '../model/filter';
import type { Listing } from '../model/listing';
import type { Ticks } from './useTicks';

/** A key press may be followed by another. */
const typingMs = 120;
const searchMs = 250;

export interface Filtering {
  /** As typed. */
  filter: Filter;
  /** As applied: the text comes a moment later. */
  applied: Filter;
  change(parts: Partial<Filter>): void;
  clear(): void;
  /** 1 for every entry that fits; null when nothing is filtered. */
  shown: Uint8Array | null;
  searching: boolean;
  error: ErrorFacts | null;
}

/** Filters the listing: by what it holds at once, by text in definitions when the host has found it. */
export function useFilter(
  host: Calls,
  listing: Listing,
  version: number,
  ticks: Ticks,
  kept: Partial<Filter> | undefined,
): Filtering {
  const [filter, setFilter] = useState<Filter>({ ...NO_FILTER, ...kept });
  const [text, setText] = useState(filter.text);
  useEffect(() => {
    if (filter.text === text) return;
    const timer = setTimeout(() => setText(filter.text), filter.text === '' ? 0 : typingMs);
    return () => clearTimeout(timer);
  }, [filter.text, text]);
  const applied = useMemo(() => ({ ...filter, text }), [filter, text]);
  const wanted = text.trim();
  const search = useCall(
    filter.definitions && wanted.length > 1 ? wanted : null,
    (signal) => host.call('findInDefinitions', { text: wanted }, signal),
    searchMs,
  );
  const found = useMemo(() => search.value && new Set(search.value), [search.value]);
  const { ids, needs } = ticks;
  const marks = applied.ticked ? ids : null;
  const shown = useMemo(
    () => fitting(listing, applied, found, (id) => ids.has(id) || needs?.has(id) === true),
    [listing, version, applied, found, marks, marks && needs],
  );
  return {
    filter,
    applied,
    change: (parts) => setFilter((before) => ({ ...before, ...parts })),
    clear: () => {
      setFilter({ ...NO_FILTER, definitions: filter.definitions });
      setText('');
    },
    shown,
    searching: search.busy,
    error: search.error,
  };
}
