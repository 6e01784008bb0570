import * as vscode from 'vscode';
import type { Connection } from '../../engine/connections/types';
import type { Plan } from '../../engine/plan';
import type { RecoverDraft, RecoverHost } from '../../shared/recoverPage';
import type { Handlers } from '../../shared/rpc';
import { isQuiet } from '../cancel';
import { startPlan } from '../commands/startPlan';
import { engine } from '../engine';
import type { Services } from '../services';
import { clientBuilds } from '../tools';
import { recoverHandlers } from './recoverHandlers';
import { sideNames } from './sideNames';

/** What the page of a cluster calls that waits at its target and is to go on: it begins where it stands. */
export async function forwardHandlers(
  services: Services,
  side: Connection & Required<Pick<Connection, 'recovered'>>,
  onScanned: (share: number) => void,
): Promise<Handlers<RecoverHost>> {
  const { planForward, readWalFolder, sideStatus, toFacts, viewPlan } = await engine();
  const { directory, of } = side.recovered;
  const status = await sideStatus(directory);
  const { wal, backup, port, user, timeline, replayed } = status;
  const archive = wal === null ? null : await readWalFolder(wal, {});
  const base = recoverHandlers(
    services,
    { artifact: backup, ...(wal === null ? {} : { wal }), draft: { directory, port, user, timeline } },
    onScanned,
  );
  const planned = async ({ target, exclusive }: RecoverDraft, signal?: AbortSignal): Promise<Plan> =>
    await planForward(
      { directory, target, exclusive },
      { builds: await clientBuilds(signal), now: new Date(), ...(signal ? { signal } : {}) },
    );
  return {
    ...base,
    ready: async (nothing, signal) => {
      const first = await base.ready(nothing, signal);
      const cluster = archive?.systemIdentifier ?? first.draft.cluster;
      return {
        clusters: first.clusters.map((line) => ({
          ...line,
          title: vscode.l10n.t('Move {0} Forward', side.name),
          facts: [...line.facts, vscode.l10n.t('it stands at {0}', replayed.lsn ?? '?')],
        })),
        draft: {
          ...{ ...first.draft, cluster },
          ...(replayed.time === null ? {} : { target: { kind: 'time' as const, time: replayed.time } }),
        },
        texts: { ...first.texts, recover: vscode.l10n.t('Move Forward') },
        locale: first.locale,
        forward: true,
      };
    },
    reach: async (draft, signal) => {
      try {
        await planned(draft, signal);
        const text = vscode.l10n.t('from {0}, where it stands', replayed.lsn ?? '?');
        return { text, error: null, nearest: [], tablespaces: [] };
      } catch (error) {
        if (isQuiet(error)) throw error;
        return {
          ...{ text: null, error: toFacts(error), tablespaces: [] },
          nearest: [
            {
              label: vscode.l10n.t('Take All WAL There Is'),
              set: { target: { kind: 'latest' }, exclusive: false },
            },
          ],
        };
      }
    },
    plan: async (draft, signal) => await viewPlan(await planned(draft, signal)),
    run: async (draft) => {
      const plan = await planned(draft);
      services.sessions.close(side.id);
      const moved: Connection = {
        ...side,
        name: sideNames(of, draft).name,
        recovered: { directory, of },
      };
      const steps = plan.steps.map((step) => (step.do === 'reachTarget' ? { ...step, keepAs: moved } : step));
      await startPlan(services, { ...plan, steps }, { connection: side, database: 'postgres' });
      return true;
    },
  };
}
