import type { Connection } from '../../engine/connections/types';
import type { Plan } from '../../engine/plan';
import { engine } from '../engine';
import { openPlan } from '../panels/planPanel';
import type { Services } from '../services';
import { showError } from '../showError';
import { startPlan } from './startPlan';

/** Opens a plan to read; its Run button starts it. Returns when it was started or closed. */
export async function showPlan(
  services: Services,
  plan: Plan,
  where: { connection: Connection; database: string },
): Promise<void> {
  const { viewPlan } = await engine();
  try {
    if (await openPlan(services.extensionUri, await viewPlan(plan))) await startPlan(services, plan, where);
  } catch (error) {
    await showError(error, services.log);
  }
}
