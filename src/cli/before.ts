import * as l10n from '@vscode/l10n';
import { roleOf } from '../engine/connections';
import { RestorePointError } from '../engine/errors';
import type { Plan } from '../engine/plan';
import { commandsOf, describePlan } from './backup/show';
import type { Io } from './io';
import { note, printable, printResult } from './output';
import type { Session } from './session';

/** Nothing starts that is known to fail. Throws `CODE`. */
export function refuseBlocked(plan: Plan, code: string): void {
  const blocking = plan.warnings.filter(({ blocks }) => blocks);
  if (!blocking.length) return;
  throw new RestorePointError({
    code,
    what: l10n.t('"{0}" was not started.', plan.title),
    why: blocking.map(({ text }) => text).join(' '),
    next: blocking.some(({ fixes }) => fixes?.some(({ id }) => id === 'endSessions'))
      ? l10n.t('Give --end-sessions to end the sessions, or disconnect them.')
      : l10n.t('Clear what is in the way, then try again.'),
  });
}

/** `--dry-run`: the plan, and nothing else. */
export function showDryRun(io: Io, plan: Plan): void {
  printResult(io, { dryRun: true, plan, commands: commandsOf(plan) }, describePlan(plan));
}

/**
 * What is told and asked before a plan runs: its warnings, what is lost; refused is what would fail
 * (`restore.blocked`), and on production what destroys without the database's name (`restore.notConfirmed`).
 */
export function beforeRunning(io: Io, plan: Plan, session: Session, typed: string | undefined): void {
  for (const { text } of plan.warnings) note(io, l10n.t('Note: {0}', printable(text)));
  for (const sentence of plan.destroys) note(io, l10n.t('Lost: {0}', printable(sentence)));
  refuseBlocked(plan, 'restore.blocked');
  const database = String(plan.facts.database);
  const changes = plan.destroys.length > 0 || plan.steps.some((step) => step.do === 'swap');
  if (!changes || roleOf(session.access.connection, database) !== 'production') return;
  if (typed === database) return;
  throw new RestorePointError({
    code: 'restore.notConfirmed',
    what: l10n.t('{0} is a production database, and this changes what is in it.', database),
    why: [...plan.destroys, plan.wayBack ?? ''].join(' ').trim(),
    next: l10n.t("Give the database's name with --confirm to go on."),
  });
}
