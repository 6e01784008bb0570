import * as vscode from 'vscode';
import type { Connection } from '../../../engine/connections/types';
import type { Plan } from '../../../engine/plan';
import type { RestoreRequest } from '../../../engine/restore';
import type { RestoreDraft } from '../../../shared/restorePage';
import { Dismissed } from '../../cancel';
import { roleName } from '../../connections';
import { engine } from '../../engine';
import { bytes } from '../../format';
import type { RestoreSubjects } from '../../late';
import type { Services } from '../../services';
import { setting } from '../../settings';
import { isRestorable, chooseBackup, listDatabases } from '../choose';
import type { Call, Command } from '../command';
import { startPlan } from '../startPlan';
import { freeName, planOf, type RestoreAnswers } from './restore';

interface Answers extends RestoreAnswers {
  /** Ids of the only entries that are wanted. */
  entries: number[];
}

/** Everything about a restore on one page, with the plan as it stands. */
export const restorePage: Command = {
  id: 'restorePoint.restorePage',
  async run(services, { target, runAnyway }: Call<Answers>) {
    const title = vscode.l10n.t('Restore on a Page');
    const artifact = await chooseBackup(services, target, title, isRestorable);
    const { openRestore, RestoreSubjects } = await import('../../late');
    const subjects = await RestoreSubjects.of(artifact);
    const entries = target.entries ?? target.request?.pick?.entries.filter((id) => typeof id === 'number');
    const path = artifact.path;
    let ticked = entries ? subjects.withIds(entries) : subjects.ticked(services.ticks.of(path));
    const request = (draft: RestoreDraft): RestoreRequest => ({
      artifact: path,
      ...(subjects.several ? {} : { database: draft.database }),
      ...(runAnyway ? { allowMetaCommands: true } : {}),
      ...(draft.request.rehearse ? { checks: setting('rehearsal.checks') } : {}),
      ...draft.request,
    });
    const plan = async (draft: RestoreDraft): Promise<Plan> =>
      await planOf(services, await connectionOf(services, draft), request(draft));
    await openRestore(services.extensionUri, await firstDraft(services, target, subjects, ticked), {
      subject: () => subjects.subject(ticked),
      connections: async () =>
        (await services.connections.list()).map(({ id, name, role }) => ({ id, name, role: roleName(role) })),
      databases: async (id) => {
        const connection = await connectionOf(services, { connection: id });
        const all = await listDatabases(services, connection);
        const names = new Set(all.map(({ name }) => name));
        return {
          free: freeName(artifact.source.database ?? vscode.l10n.t('restored'), names),
          databases: all
            .filter(({ allowConnections, isTemplate }) => allowConnections && !isTemplate)
            .map(({ name, bytes: size }) => ({ name, size: size === null ? '' : bytes(size) })),
        };
      },
      plan: async (draft) => {
        const { restoreCommand, viewPlan } = await engine();
        const connection = await connectionOf(services, draft);
        const made = await plan(draft);
        return await viewPlan(made, await restoreCommand(request(draft), connection.name));
      },
      settle: async ({ draft, set }) => {
        const { applyFix } = await engine();
        return { ...draft, request: await applyFix(draft.request, set) };
      },
      start: async (draft) => {
        const where = { connection: await connectionOf(services, draft), database: draft.database || '*' };
        try {
          await startPlan(services, await plan(draft), where);
          return true;
        } catch (error) {
          if (error instanceof Dismissed) return false;
          throw error;
        }
      },
      rehearse: async ({ connection }) => {
        await vscode.commands.executeCommand('restorePoint.rehearse', { artifact: path, connection });
      },
      compare: async ({ connection, database }) => {
        await vscode.commands.executeCommand('restorePoint.compare', {
          left: { connection, database },
          right: { artifact: path },
        });
      },
      choose: async () => {
        await vscode.commands.executeCommand('restorePoint.openContents', { artifact: path });
      },
      onTicked: (listener) =>
        services.ticks.onDidChange((changed) => {
          if (changed !== path) return;
          ticked = subjects.ticked(services.ticks.of(path));
          listener(ticked);
        }),
    });
  },
};

async function connectionOf(
  services: Services,
  { connection }: Pick<RestoreDraft, 'connection'>,
): Promise<Connection> {
  const found = await services.connections.get(connection);
  if (found) return found;
  const { RestorePointError } = await engine();
  throw new RestorePointError({
    code: 'connection.unknown',
    what: vscode.l10n.t('The connection is not there any more.'),
    why: '',
    next: vscode.l10n.t('Choose another one.'),
  });
}

/** What the page begins with: the safest way, on the only connection or the one the call names. */
async function firstDraft(
  services: Services,
  target: Call<Answers>['target'],
  subjects: RestoreSubjects,
  ticked: { entries: number[] } | null,
): Promise<RestoreDraft> {
  const { source } = subjects.artifact;
  const all = await services.connections.list();
  const connection =
    all.find(({ id, name }) => [id, name].includes(target.connection ?? '')) ??
    all.find(({ name }) => name === source.connection) ??
    all[0];
  const database = target.into ?? target.database ?? source.database ?? vscode.l10n.t('restored');
  return {
    connection: connection?.id ?? '',
    database: subjects.several ? '' : database,
    request: {
      strategy: target.database === undefined ? 'new' : 'in-place',
      ...(ticked && target.entries ? { pick: { entries: ticked.entries } } : {}),
      ...target.request,
    },
  };
}
