import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ConnectionStore } from '../../connections';
import { toFacts } from '../../errors';
import { parseLsn } from '../../pgdata/restoring';
import type { ReachTargetStep } from '../../plan';
import { readReplay, type Replay } from '../../restore';
import { homeOf } from '../folder';
import { throwIfCancelled, until } from '../wait';
import { withSession } from './session';
import { recoveryFailure } from './recoveryFailure';
import type { Executor } from './types';

const everyMs = 200;

/** Watches a cluster replay WAL until it waits at its target, or has taken everything and was opened. */
export const reachTarget: Executor<ReachTargetStep> = async (step, context) => {
  const { signal } = context;
  try {
    const reached = await watched(step, context);
    await context.notes.guards.get(step.folder)?.release();
    context.notes.guards.delete(step.folder);
    if (step.keepAs) await new ConnectionStore(homeOf(context.job.folder)).save(step.keepAs);
    return { ...reached, ...(step.keepAs ? { kept: step.keepAs.id } : {}) };
  } catch (error) {
    throwIfCancelled(signal);
    throw (await recoveryFailure(step.folder)) ?? error;
  }
};

type Context = Parameters<Executor<ReachTargetStep>>[1];

async function watched(step: ReachTargetStep, context: Context): Promise<Record<string, unknown>> {
  const { signal, progress } = context;
  for (;;) {
    try {
      return await withSession(step, context, async (client, guard) => {
        for (;;) {
          throwIfCancelled(signal);
          const replay = await guard(readReplay(client));
          progress(shareOf(step, replay.lsn), whatOf(replay));
          // `paused` is said as soon as it is asked for; the place stands still when it is so.
          if (replay.recovering ? replay.paused : true)
            return {
              reached: { time: replay.time, lsn: replay.lsn },
              recovering: replay.recovering,
            };
          await until(everyMs, signal);
        }
      });
    } catch (error) {
      throwIfCancelled(signal);
      // On its way to let readers in, or on its way to end: as long as it runs, it has not said which.
      const isUndecided = toFacts(error).code === 'connection.startingUp';
      if (!isUndecided || !(await stat(join(step.folder, 'postmaster.pid')).catch(() => null))) throw error;
      await until(everyMs, signal);
    }
  }
}

function shareOf({ from, to }: ReachTargetStep, lsn: string | null): number | null {
  const [begin, end, at] = [from, to, lsn ?? ''].map((text) => parseLsn(text));
  if (begin == null || end == null || at == null || end <= begin) return null;
  return Math.max(0, Math.min(1, Number(at - begin) / Number(end - begin)));
}

function whatOf({ lsn, time }: Replay): string {
  return [lsn, time].filter(Boolean).join(' · ');
}
