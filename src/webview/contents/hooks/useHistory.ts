import { useState } from 'preact/hooks';

export interface History {
  /** Id of the chosen entry; null for the overview. */
  selected: number | null;
  go(id: number | null): void;
  back: (() => void) | null;
  forward: (() => void) | null;
}

const most = 200;

/** Where the reader was, to go back to. */
export function useHistory(first: number | null): History {
  const [{ visits, at }, set] = useState<{ visits: (number | null)[]; at: number }>({
    visits: first === null ? [null] : [null, first],
    at: first === null ? 0 : 1,
  });
  const selected = visits[at]!;
  return {
    selected,
    go: (id) => {
      if (id === selected) return;
      const next = [...visits.slice(0, at + 1), id].slice(-most);
      set({ visits: next, at: next.length - 1 });
    },
    back: at > 0 ? () => set({ visits, at: at - 1 }) : null,
    forward: at < visits.length - 1 ? () => set({ visits, at: at + 1 }) : null,
  };
}
