import { useEffect, useMemo, useState } from 'preact/hooks';
import type {
  ContentsAction,
  ContentsHead,
  ContentsPage,
  ContentsProblem,
} from '../../../shared/contentsPage';
import type { ErrorFacts } from '../../../shared/rpc';
import { factsOf } from '../../components/useCall';
import type { Kept } from '../../host';
import type { Calls } from '../calls';
import type { Inbox } from '../inbox';
import { attachments, rowsEntries } from '../model/attach';
import type { PageState, Tab } from '../state';
import { useFilter } from './useFilter';
import { useHistory } from './useHistory';
import { useListing } from './useListing';
import { useTicks } from './useTicks';

export type Progress = Parameters<ContentsPage['progress']>[0];

/** What the page begins with. */
export interface ContentsStart {
  head: ContentsHead;
  ticked: number[];
  problem: ContentsProblem | null;
  inbox: Inbox;
  kept: Kept<PageState>;
}

/** Everything the page knows of the dump, and what the reader has chosen. */
export function useContents(start: ContentsStart & { host: Calls }) {
  const { host, head: first, ticked, inbox, kept } = start;
  const [before] = useState(() => kept.read());
  const [head, setHead] = useState<ContentsHead>(first);
  const [progress, setProgress] = useState<Progress[]>([]);
  const [problem, setProblem] = useState(start.problem);
  const [failure, setFailure] = useState<ErrorFacts | null>(null);
  const [tab, setTab] = useState<Tab>(before.tab ?? 'rows');
  const loading = useListing(host, head.entries);
  const { listing, version } = loading;
  const owners = useMemo(() => attachments(listing), [listing, version]);
  const holders = useMemo(() => rowsEntries(listing, owners), [listing, owners]);
  const ticks = useTicks(host, ticked);
  const filtering = useFilter(host, listing, version, ticks, before.filter);
  const history = useHistory(before.selected ?? null);
  useEffect(() => kept.write({ tab, selected: history.selected }), [tab, history.selected]);
  useEffect(() => kept.write({ filter: filtering.applied }), [filtering.applied]);
  useEffect(() =>
    inbox.listen({
      head: setHead,
      sizes: loading.resize,
      progress: (one) =>
        setProgress((all) => [
          ...all.filter(({ task }) => task !== one.task),
          ...(one.fraction === null ? [] : [one]),
        ]),
      reveal: ({ id, tab }) => {
        history.go(id);
        if (tab) setTab(tab);
      },
      failed: setProblem,
    }),
  );
  return {
    ...loading,
    head,
    progress,
    problem,
    failure: failureOf(failure, () => setFailure(null), loading),
    tab,
    setTab,
    owners,
    rowsEntries: holders,
    ticks,
    filtering,
    history,
    act: (action: ContentsAction): void =>
      void host.call('act', action).catch((error: unknown) => setFailure(factsOf(error))),
  };
}

export type ContentsModel = ReturnType<typeof useContents>;

/** What to show of a failure, and what its button does. */
function failureOf(
  failure: ErrorFacts | null,
  dismiss: () => void,
  loading: { error: ErrorFacts | null; again(): void },
): { error: ErrorFacts; again: boolean; settle(): void } | null {
  if (failure) return { error: failure, again: false, settle: dismiss };
  return loading.error && { error: loading.error, again: true, settle: loading.again };
}
