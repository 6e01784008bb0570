import * as vscode from 'vscode';
import type { CompareOptions } from '../../../engine/compare';
import { engine } from '../../engine';
import { comparisonEditorType } from '../../ids';
import type { Services } from '../../services';
import type { Target } from '../../target';
import { clientBuilds } from '../../tools';
import { chooseJob } from '../choose';
import type { Call, Command } from '../command';
import { planning, type Started } from '../startPlan';
import { askOptions } from './options';
import { chooseSide, madeAt, withSides, type ChosenSide, type SideTarget } from './sides';

interface Answers {
  left: SideTarget;
  right: SideTarget;
  options: CompareOptions;
}

/** What differs between any two of backups, databases and restore points. */
export const compare: Command = {
  id: 'restorePoint.compare',
  async run(services, { target }: Call<Answers>): Promise<Started> {
    const before = vscode.l10n.t('Compare: What Was');
    const now = vscode.l10n.t('Compare: What Is');
    const left = await chooseSide(services, target.left ?? {}, before);
    const right = await chooseSide(services, target.right ?? {}, now);
    return await start(services, left, right, target.options);
  },
};

/** A row or file with another: two that are selected, or one and what is asked for. */
export const compareWith: Command = {
  id: 'restorePoint.compareWith',
  async run(services, { target, targets }: Call<Answers>): Promise<Started> {
    const title = vscode.l10n.t('Compare With');
    if (targets.length === 2) {
      const sides = await Promise.all(targets.map((one) => chooseSide(services, one, title)));
      const [left, right] = await inTime(sides);
      return await start(services, left!, right!, target.options);
    }
    const one = await chooseSide(services, target, title);
    const other = await chooseSide(services, target.right ?? counterpartOf(target), title);
    const [left, right] = await inTime([one, other]);
    return await start(services, left!, right!, target.options);
  },
};

/** A restore point is compared with the database it is a state of; for all else a person says it. */
function counterpartOf({ point, connection, database }: Target): SideTarget {
  return point !== undefined && database !== undefined ? { connection, database } : {};
}

/** The page of a comparison, by its job or its file; of one that is being made, how far it is. */
export const openComparison: Command = {
  id: 'restorePoint.openComparison',
  untrusted: true,
  async run(services, { target }: Call<{ comparison: string }>) {
    await show(target.comparison ?? target.artifact ?? (await fileOf(services, target)));
  },
};

async function fileOf(services: Services, target: Target): Promise<string> {
  const job = await chooseJob(
    services,
    target,
    vscode.l10n.t('Open Comparison'),
    ({ plan, state }) => plan.kind === 'compare' && /^(?:queued|running|succeeded)$/.test(state),
  );
  return String(job.plan.facts.comparison);
}

async function show(path: string): Promise<void> {
  await vscode.commands.executeCommand('vscode.openWith', vscode.Uri.file(path), comparisonEditorType);
}

/** What was comes before what is: a backup before a database, the older of two backups before the newer. */
async function inTime(sides: ChosenSide[]): Promise<ChosenSide[]> {
  const at = await Promise.all(
    sides.map(async (side) => ('artifact' in side ? await madeAt(side.artifact) : Infinity)),
  );
  return at[0]! > at[1]! ? sides.toReversed() : sides;
}

async function start(
  services: Services,
  left: ChosenSide,
  right: ChosenSide,
  options?: CompareOptions,
): Promise<Started> {
  const asked = options?.rows === undefined ? { ...options, ...(await askOptions(services)) } : options;
  const { comparisonsFolder, home, planCompare } = await engine();
  const plan = await planning(async () => {
    const context = {
      builds: 'artifact' in left && 'artifact' in right ? [] : await clientBuilds(),
      now: new Date(),
      folder: await comparisonsFolder(home()),
    };
    return await withSides(services, [left, right], (one, other) =>
      planCompare({ left: one, right: other, options: asked }, context),
    );
  });
  for (const { text } of plan.warnings) services.log.info(text);
  const job = await services.jobs.start(plan);
  await show(String(plan.facts.comparison));
  return { job };
}
