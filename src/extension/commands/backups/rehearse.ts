import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Artifact } from '../../../engine/artifacts/types';
import type { UserCheck } from '../../../engine/plan';
import { engine } from '../../engine';
import { setting } from '../../settings';
import { chooseBackup, chooseConnection } from '../choose';
import type { Call, Command } from '../command';
import { withRestoreContext } from '../points/planning';
import { planning, startPlan, type Started } from '../startPlan';
import type { Services } from '../../services';
import { clientBuilds } from '../../tools';

interface Answers {
  checks: UserCheck[];
  /** Into a throwaway cluster of this machine. */
  inCluster: boolean;
  /** Of a base backup: to its own end, or to that of the WAL archive. */
  to: 'end' | 'latest';
}

/** Whether in a cluster of this machine's own; asked where that can be and no server is named. */
async function inCluster(
  { ask }: Services,
  { inCluster: said, connection }: Call<Answers>['target'],
  title: string,
): Promise<boolean> {
  if (said !== undefined || connection !== undefined) return said ?? false;
  const { serverBuilds } = await engine();
  if ((await serverBuilds(await clientBuilds())).length === 0) return false;
  return await ask.pick({
    id: 'rehearse.where',
    title,
    placeholder: vscode.l10n.t('Where to rehearse'),
    options: [
      {
        label: vscode.l10n.t('In a throwaway cluster of this machine'),
        detail: vscode.l10n.t(
          'Made by the server programs that are here, reached by nobody else, removed at the end',
        ),
        value: true,
      },
      {
        label: vscode.l10n.t('In a throwaway database on a server…'),
        detail: vscode.l10n.t('Made for it and dropped at the end'),
        value: false,
      },
    ],
  });
}

/** A base backup is restored, recovered and started on this machine; to the end of its WAL archive where that is known and wanted. */
async function rehearseBase(
  services: Services,
  { path, manifest }: Artifact,
  target: Call<Answers>['target'],
): Promise<Started> {
  const cluster = manifest?.source.systemIdentifier ?? null;
  const archive = cluster === null ? undefined : services.walFolders.of(cluster);
  const to = target.to ?? (archive === undefined ? 'end' : await askHowFar(services, archive));
  const { planBaseRehearsal, walFetchCommand } = await engine();
  const cli = join(services.extensionUri.fsPath, 'dist', 'cli.js');
  const builds = await clientBuilds();
  const plan = await planning(async () =>
    planBaseRehearsal(
      {
        artifact: path,
        checks: target.checks ?? setting('rehearsal.checks'),
        heapAllIndexed: setting('rehearsal.heapAllIndexed'),
        ...(to === 'latest' && archive !== undefined
          ? { restoreCommand: await walFetchCommand(archive, { cli }) }
          : {}),
      },
      { builds, now: new Date() },
    ),
  );
  return await startPlan(services, plan, null);
}

async function askHowFar({ ask }: Services, archive: string): Promise<'end' | 'latest'> {
  return await ask.pick<'end' | 'latest'>({
    id: 'rehearse.to',
    title: vscode.l10n.t('Rehearse Restore'),
    placeholder: vscode.l10n.t('How far it is recovered'),
    options: [
      { label: vscode.l10n.t('To the end of the backup'), value: 'end' },
      { label: vscode.l10n.t('To the end of the WAL archive'), detail: archive, value: 'latest' },
    ],
  });
}

/** A real restore into a database made for it, checked and dropped again: the strongest evidence there is. */
export const rehearse: Command = {
  id: 'restorePoint.rehearse',
  async run(services, { target, runAnyway }: Call<Answers>): Promise<Started> {
    const title = vscode.l10n.t('Rehearse Restore');
    const artifact = await chooseBackup(services, target, title, ({ partial }) => !partial);
    const { path } = artifact;
    if (artifact.recognised.kind === 'basebackup') return await rehearseBase(services, artifact, target);
    const { planClusterRehearsal, planRehearsal } = await engine();
    const request = {
      ...{
        artifact: path,
        checks: target.checks ?? setting('rehearsal.checks'),
        allowMetaCommands: runAnyway,
      },
    };
    if (await inCluster(services, target, title)) {
      const builds = await clientBuilds();
      const plan = await planning(() => planClusterRehearsal(request, { builds, now: new Date() }));
      return { job: await services.jobs.start(plan) };
    }
    const connection = await chooseConnection(services, target, title);
    const plan = await withRestoreContext(services, connection, (context) => planRehearsal(request, context));
    return await startPlan(services, plan, { connection, database: String(plan.facts.database) });
  },
};
