import { useMemo, useState } from 'preact/hooks';
import { useCall } from '../../components/useCall';
import type { ErrorFacts } from '../../../shared/rpc';
import type { Calls } from '../calls';

export interface Ticks {
  ids: ReadonlySet<number>;
  /** Ids that what is ticked needs beyond itself; null while that is being found. */
  needs: ReadonlySet<number> | null;
  /** Ids it needs that the dump does not hold. */
  missing: number[];
  error: ErrorFacts | null;
  set(ids: Iterable<number>, ticked: boolean): void;
  clear(): void;
}

/** What is ticked, kept by the host, and what it needs. */
export function useTicks(host: Calls, first: number[]): Ticks {
  const [ids, setIds] = useState<ReadonlySet<number>>(() => new Set(first));
  const [change, setChange] = useState(0);
  const closure = useCall(
    ids.size > 0 ? `closure ${change}` : null,
    (signal) => host.call('closure', [...ids], signal),
    100,
  );
  const keep = (next: ReadonlySet<number>): void => {
    setIds(next);
    setChange((before) => before + 1);
    void host.call('tick', [...next]).catch(() => undefined);
  };
  const needs = useMemo(
    () => (ids.size === 0 ? new Set<number>() : closure.value && new Set(closure.value.needs)),
    [ids, closure.value],
  );
  return {
    ids,
    needs,
    missing: closure.value?.missing ?? [],
    error: closure.error,
    set: (some, ticked) => {
      const next = new Set(ids);
      for (const id of some) {
        if (ticked) next.add(id);
        else next.delete(id);
      }
      keep(next);
    },
    clear: () => keep(new Set()),
  };
}
