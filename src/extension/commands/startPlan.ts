import * as vscode from 'vscode';
import type { Connection } from '../../engine/connections/types';
import type { Fix, Plan, Warning } from '../../engine/plan';
import { engine } from '../engine';
import { viewIds } from '../ids';
import type { Services } from '../services';
import { confirmDestructive } from './confirm';

/** What the caller of a command that starts a job gets. */
export interface Started {
  job: string;
}

/** What a plan is about, and how it is made anew. */
export interface Where {
  connection: Connection;
  database: string;
  /** Plans again with what a fix changes; absent: what blocks the plan cannot be settled here. */
  again?(more: Record<string, unknown>): Promise<Plan>;
}

/** Makes a plan while the Jobs view shows that something is going on. */
export async function planning<T>(work: () => Promise<T>): Promise<T> {
  return await vscode.window.withProgress({ location: { viewId: viewIds.jobs } }, work);
}

/**
 * Settles what blocks the plan, asks about what it changes, tells its warnings and starts it.
 *
 * @param where null: no server takes part, it is about files
 */
export async function startPlan(services: Services, given: Plan, where: Where | null): Promise<Started> {
  const plan = await settled(services, given, where);
  const swaps = plan.steps.some((step) => step.do === 'swap');
  if (plan.destroys.length || swaps) {
    const question = {
      message: plan.title,
      detail: [
        ...plan.destroys,
        ...plan.warnings.filter(({ code }) => code === 'target.sessionsEnd').map(({ text }) => text),
        ...(plan.wayBack ? [plan.wayBack] : []),
      ],
      yes: yesOf(plan),
    };
    if (where) await confirmDestructive(services, { ...where, ...question });
    else await services.ask.confirm({ id: 'confirm', ...question, detail: question.detail.join('\n') });
  }
  const job = await services.jobs.start(plan);
  tellWarnings(services, plan);
  return { job };
}

/** Each thing is asked about by itself: ending somebody's session is a decision of its own. */
async function settled(services: Services, given: Plan, where: Where | null): Promise<Plan> {
  const again = where?.again;
  let plan = given;
  let set: Record<string, unknown> = {};
  for (const asked = new Set<string>(); ;) {
    const blocking = plan.warnings.find(({ blocks }) => blocks);
    const open = plan.warnings.find(({ code, fixes }) => fixes?.length && !asked.has(code));
    const warning = blocking ?? (again ? open : undefined);
    if (!warning) return plan;
    if (warning.blocks && (!warning.fixes?.length || !again || asked.has(warning.code)))
      throw await blocked(plan, warning);
    asked.add(warning.code);
    const fix = await askFix(services, plan, warning);
    if (!fix || !again) continue;
    const { applyFix } = await engine();
    set = await applyFix(set, fix.set);
    plan = await again(set);
  }
}

/** What is in the way has one way out; what is only missing can be left so. */
async function askFix(
  { ask }: Services,
  { title }: Plan,
  { text, blocks, fixes = [] }: Warning,
): Promise<Fix | null> {
  const [first] = fixes;
  if (blocks && first) {
    await ask.confirm({ id: `fix.${first.id}`, message: text, detail: title, yes: first.label });
    return first;
  }
  return await ask.pick<Fix | null>({
    id: 'fix',
    title,
    placeholder: text,
    options: [
      ...fixes.map((fix) => ({ label: fix.label, value: fix })),
      { label: vscode.l10n.t('Go On As It Is'), value: null },
    ],
  });
}

async function blocked(plan: Plan, { text }: Warning): Promise<Error> {
  const { RestorePointError } = await engine();
  return new RestorePointError({
    code: 'restore.blocked',
    what: vscode.l10n.t('"{0}" was not started.', plan.title),
    why: text,
    next: vscode.l10n.t('Clear what is in the way, then try again.'),
    remedies: [{ do: 'retry' }],
  });
}

function yesOf({ kind, steps, destroys }: Plan): string {
  if (kind === 'restoreFiles' && destroys.length) return vscode.l10n.t('Remove');
  if (kind === 'backup') return vscode.l10n.t('Back Up');
  if (kind === 'restorePoint')
    return destroys.length && !steps.some((step) => step.do === 'swap')
      ? vscode.l10n.t('Remove')
      : vscode.l10n.t('Go Back');
  return vscode.l10n.t('Restore');
}

/** In the log, all of them; a folder that git would publish is worth a message. */
function tellWarnings({ log }: Services, { warnings }: Plan): void {
  for (const { code, text } of warnings) {
    log.warn(`${code}: ${text}`);
    if (code !== 'folder.git') continue;
    const choose = vscode.l10n.t('Choose Folder');
    void vscode.window.showWarningMessage(text, choose).then((pressed) => {
      if (pressed === choose)
        void vscode.commands.executeCommand('restorePoint.openSettings', 'backups.folder');
    });
  }
}
