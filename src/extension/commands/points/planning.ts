import * as vscode from 'vscode';
import type { Connection } from '../../../engine/connections/types';
import type { Plan } from '../../../engine/plan';
import type { RestorePoint } from '../../../engine/points';
import type { RestoreContext } from '../../../engine/restore';
import { engine } from '../../engine';
import { backupFolder, listedFolders } from '../../folders';
import { age, bytes } from '../../format';
import type { Services } from '../../services';
import type { Target } from '../../target';
import { clientBuilds } from '../../tools';
import { rowsMayFall } from '../backingUp/plan';
import { planning } from '../startPlan';

/** What a plan of a restore may look at, with a way into the server. */
export async function withRestoreContext<T>(
  services: Services,
  connection: Connection,
  work: (context: RestoreContext) => Promise<T>,
): Promise<T> {
  const { gitState, pastRestores } = await engine();
  const workspace = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file');
  const git = workspace ? await gitState(workspace.uri.fsPath) : null;
  return await planning(async () => {
    const [builds, folder] = [await clientBuilds(), await backupFolder()];
    const past = pastRestores(await services.jobs.list());
    return await services.sessions.use(
      connection,
      (access) => work({ access, builds, now: new Date(), folder, git, past, rowsMayFall: rowsMayFall() }),
      { interactive: true },
    );
  });
}

/** A plan about restore points, made with all of those that there are. */
export async function planPoints(
  services: Services,
  connection: Connection,
  plan: (points: RestorePoint[], context: RestoreContext) => Promise<Plan>,
): Promise<Plan> {
  const { listPoints } = await engine();
  const folders = await listedFolders();
  return await withRestoreContext(services, connection, async (context) =>
    plan(await listPoints(context.access, { folders }), context),
  );
}

/** The restore point a row or a call names, else asked for. */
export async function choosePoint(
  services: Services,
  connection: Connection,
  target: Target,
  title: string,
): Promise<RestorePoint> {
  const { listPoints, RestorePointError } = await engine();
  const folders = await listedFolders();
  const all = await withRestoreContext(services, connection, ({ access }) => listPoints(access, { folders }));
  if (target.point !== undefined) {
    const named = all.find(({ id }) => id === target.point);
    if (named) return named;
    throw new RestorePointError({
      code: 'point.none',
      what: vscode.l10n.t('The restore point is not there any more.'),
      why: target.point,
      next: vscode.l10n.t('Refresh the connections.'),
    });
  }
  const fitting = all.filter(
    ({ of, unfinished }) => !unfinished && (target.database === undefined || of === target.database),
  );
  return await services.ask.pick({
    id: 'point',
    title,
    placeholder: vscode.l10n.t('Restore point'),
    options: fitting.map((point) => ({
      label: pointText(point),
      description: [
        point.of,
        age(point.createdAt),
        ...(point.bytes === null ? [] : [bytes(point.bytes)]),
      ].join(' · '),
      detail: point.id,
      value: point,
    })),
  });
}

/** `before the migration`, `before a restore`. */
export function pointText({ reason, note, unfinished }: RestorePoint): string {
  if (unfinished) return vscode.l10n.t('unfinished');
  if (note.trim()) return note.replace(/\s+/g, ' ').trim();
  return {
    manual: vscode.l10n.t('restore point'),
    restore: vscode.l10n.t('before a restore'),
    back: vscode.l10n.t('before going back'),
  }[reason];
}
