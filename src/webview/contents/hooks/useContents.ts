import { useEffect, useMemo, useState } from 'preact/hooks';
import type { ContentsAction, ContentsHead, ContentsPage } from '../../../shared/contentsPage';
import type { ErrorFacts } from '../../../shared/rpc';
import { factsOf } from '../../components/useCall';
import type { ContentsViewProps } from '../contentsView';
import { attachments, rowsEntries } from '../model/attach';
import type { Tab } from '../state';
import { useFilter } from './useFilter';
import { useHistory } from './useHistory';
import { useListing } from './useListing';
import { useTicks } from './useTicks';

export type Progress = Parameters<ContentsPage['progress']>[0];

/** Everything the page knows of the dump, and what the reader has chosen. */
export function useContents({ host, head: first, ticked, inbox, kept }: ContentsViewProps) {
  const [before] = useState(() => kept.read());
  const [head, setHead] = useState<ContentsHead>(first);
  const [progress, setProgress] = useState<Progress[]>([]);
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
      failed: setFailure,
    }),
  );
  return {
    ...loading,
    head,
    progress,
    failure: failure ?? loading.error,
    dismiss: () => {
      setFailure(null);
      if (loading.error) loading.again();
    },
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
