import { useEffect, useReducer, useRef } from 'preact/hooks';
import type { DifferenceQuery, RowDifference } from '../../shared/comparePage';
import { factsOf } from '../components/useCall';
import type { Host } from './compareView';

const PAGE = 100;
/** Pages that are kept: those seen last. */
const KEPT = 20;

export interface Found {
  at: number;
  row: RowDifference;
}

export interface Pages {
  /** Differences that fit; null while that is not known. */
  total: number | null;
  row(index: number): Found | undefined;
  error: ReturnType<typeof factsOf>;
}

/** Rows of a table as they come into sight, a page at a time; what was seen long ago is let go. */
export function usePages(
  host: Host,
  table: number,
  query: DifferenceQuery,
  first: number,
  end: number,
): Pages {
  const key = JSON.stringify([table, query]);
  const [, redraw] = useReducer<number, void>((count) => count + 1, 0);
  const state = useRef({
    key: '',
    pages: new Map<number, Found[]>(),
    asked: new Set<number>(),
    total: null as number | null,
    error: null as Pages['error'],
  });
  if (state.current.key !== key)
    state.current = { key, pages: new Map(), asked: new Set(), total: null, error: null };
  const current = state.current;
  useEffect(() => {
    const last = Math.max(first, end - 1);
    for (let page = Math.floor(first / PAGE); page <= Math.floor(last / PAGE); page++) {
      if (current.asked.has(page)) continue;
      current.asked.add(page);
      host.call('rows', { table, query, from: page * PAGE, count: PAGE }).then(
        ({ rows, total }) => {
          if (state.current !== current) return;
          current.total = total;
          current.pages.set(page, rows);
          for (const old of current.pages.keys()) {
            if (current.pages.size <= KEPT) break;
            current.pages.delete(old);
            current.asked.delete(old);
          }
          redraw();
        },
        (error: unknown) => {
          if (state.current !== current) return;
          current.asked.delete(page);
          current.error = factsOf(error);
          redraw();
        },
      );
    }
  }, [key, first, end]);
  return {
    total: current.total,
    error: current.error,
    row: (index) => current.pages.get(Math.floor(index / PAGE))?.[index % PAGE],
  };
}
