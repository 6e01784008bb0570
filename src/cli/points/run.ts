import type { Plan } from '../../engine/plan';
import { beforeRunning, showDryRun } from '../before';
import { exitCodes, type ExitCode, type Io } from '../io';
import { runHere } from '../job';
import { durationText, printable, printResult } from '../output';
import type { Session } from '../session';

/** Shows or runs a plan about restore points, and prints what came of it. */
export async function runPointPlan(
  io: Io,
  plan: Plan,
  session: Session,
  values: { 'dry-run'?: boolean; confirm?: string; verbose?: boolean },
): Promise<ExitCode> {
  if (values['dry-run']) {
    showDryRun(io, plan);
    return exitCodes.done;
  }
  beforeRunning(io, plan, session, values.confirm);
  const result = await runHere(io, plan, session.secrets, { verbose: values.verbose === true });
  const { undo = null, durationMs } = result as { undo?: string | null; durationMs?: number };
  printResult(
    io,
    { undo, ...plan.facts, ...result },
    [
      printable(plan.title),
      ...(undo === null ? [] : [printable(undo)]),
      ...(durationMs === undefined ? [] : [durationText(durationMs)]),
    ].join('\n  '),
  );
  return exitCodes.done;
}
