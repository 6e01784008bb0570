import { homedir } from 'node:os';
import * as vscode from 'vscode';
import type { Connection } from '../../engine/connections/types';
import type { JobSummary } from '../../engine/jobs';
import { taskType } from '../ids';
import type { Services } from '../services';
import { readDefinition } from './definition';
import { lastAnswers, prepare } from './prepare';
import { JobTerminal } from './terminal';

/** Offers backups as tasks, and runs what tasks.json says. */
export class Tasks implements vscode.TaskProvider {
  readonly #services: Services;

  constructor(services: Services) {
    this.#services = services;
  }

  /** A backup, by the last answers, of every database that is known without asking a server. */
  async provideTasks(): Promise<vscode.Task[]> {
    if (!vscode.workspace.isTrusted) return [];
    const { connections, jobs } = this.#services;
    const history = await jobs.list();
    return (await connections.list()).flatMap((connection) =>
      knownDatabases(connection, history).map((database) => {
        const definition = {
          type: taskType,
          task: 'backup',
          connection: connection.name,
          database,
          preset: lastAnswers,
        };
        const name = vscode.l10n.t('back up {0} of {1}', database, connection.name);
        const task = this.#task(definition, vscode.TaskScope.Workspace, name);
        task.detail = vscode.l10n.t('With the options that were chosen last');
        return task;
      }),
    );
  }

  resolveTask({ definition, scope, name }: vscode.Task): vscode.Task {
    return this.#task(definition, scope ?? vscode.TaskScope.Workspace, name);
  }

  #task(
    definition: vscode.TaskDefinition,
    scope: vscode.WorkspaceFolder | vscode.TaskScope,
    name: string,
  ): vscode.Task {
    const base =
      (typeof scope === 'object' ? scope : vscode.workspace.workspaceFolders?.[0])?.uri.fsPath ?? homedir();
    const execution = new vscode.CustomExecution((resolved) =>
      Promise.resolve(
        new JobTerminal(this.#services, async (signal) =>
          prepare(this.#services, await readDefinition(resolved), base, signal),
        ),
      ),
    );
    return new vscode.Task(definition, scope, name, 'Restore Point', execution, []);
  }
}

/** The database of the connection itself, those with a role of their own, those of earlier jobs. */
function knownDatabases({ id, settings, databaseRoles }: Connection, history: JobSummary[]): string[] {
  const ofJobs = history
    .filter(({ plan }) => plan.kind === 'backup' && plan.connections.source?.id === id)
    .map(({ plan }) => plan.artifact?.database);
  const names = [settings.database, ...Object.keys(databaseRoles ?? {}), ...ofJobs];
  return [...new Set(names)].filter((name) => name !== undefined && name !== '' && name !== '*') as string[];
}
