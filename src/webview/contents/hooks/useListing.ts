import { useEffect, useRef, useState } from 'preact/hooks';
import type { ContentsPage } from '../../../shared/contentsPage';
import type { ErrorFacts } from '../../../shared/rpc';
import { factsOf } from '../../components/useCall';
import type { Calls } from '../calls';
import { Listing } from '../model/listing';

/** Entries asked for at once: each passes through the extension host in one turn. */
const piece = 4_000;
/** A growing listing is drawn anew at most this often. */
const pauseMs = 250;

export interface LoadedListing {
  listing: Listing;
  /** Changes whenever the listing did. */
  version: number;
  /** All entries the host knows of are here. */
  loaded: boolean;
  /** More are being asked for. */
  busy: boolean;
  error: ErrorFacts | null;
  resize(sizes: Parameters<ContentsPage['sizes']>[0]): void;
  again(): void;
}

/** Fetches the contents piece by piece, and on as more entries are found. */
export function useListing(host: Calls, entries: number): LoadedListing {
  const listing = useRef<Listing>(null!);
  listing.current ??= new Listing();
  const [version, setVersion] = useState(0);
  const [error, setError] = useState<ErrorFacts | null>(null);
  const wanted = useRef(entries);
  const loading = useRef(false);
  const gone = useRef(false);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const draw = (): void => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      setVersion((before) => before + 1);
    }, pauseMs);
  };
  const load = async (): Promise<void> => {
    if (loading.current) return;
    loading.current = true;
    try {
      for (let first = listing.current.length === 0; listing.current.length < wanted.current; first = false) {
        const got = await host.call('listing', { from: listing.current.length, count: piece });
        if (gone.current || got.ids.length === 0) break;
        listing.current.add(got);
        if (first) setVersion((before) => before + 1);
        else draw();
      }
      if (!gone.current && listing.current.length >= wanted.current) {
        clearTimeout(timer.current);
        timer.current = undefined;
        setVersion((before) => before + 1);
      }
    } catch (failure) {
      if (!gone.current) setError(factsOf(failure));
    } finally {
      loading.current = false;
    }
  };
  useEffect(() => {
    wanted.current = entries;
    void load();
  }, [entries]);
  useEffect(
    () => () => {
      gone.current = true;
      clearTimeout(timer.current);
    },
    [],
  );
  return {
    listing: listing.current,
    version,
    loaded: listing.current.length >= entries,
    busy: listing.current.length < entries && error === null,
    error,
    resize: (sizes) => {
      listing.current.resize(sizes);
      draw();
    },
    again: () => {
      setError(null);
      void load();
    },
  };
}
