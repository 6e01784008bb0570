import type { Plan } from '../../engine/plan';
import { engine } from '../engine';
import type { Services } from '../services';
import { showError } from '../showError';
import { startPlan, type Started, type Where } from './startPlan';

/** Opens a plan to read; its Run button starts it. Returns when it was started or closed. */
export async function showPlan(services: Services, plan: Plan, where: Where | null): Promise<void> {
  const { viewPlan } = await engine();
  try {
    const { openPlan } = await import('../late');
    if (await openPlan(services.extensionUri, await viewPlan(plan))) await startPlan(services, plan, where);
  } catch (error) {
    await showError(error, services.log);
  }
}

/** Starts a plan, or only opens it to read where that was asked for. */
export async function startOrShow(
  services: Services,
  plan: Plan,
  where: Where | null,
  { show }: { show: boolean },
): Promise<Started | undefined> {
  if (!show) return await startPlan(services, plan, where);
  void showPlan(services, plan, where);
  return undefined;
}
