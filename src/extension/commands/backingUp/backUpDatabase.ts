import * as vscode from 'vscode';
import type { DumpRequest } from '../../../engine/backup';
import { chooseConnection, chooseDatabase } from '../choose';
import type { Call, Command } from '../command';
import { showPlan } from '../showPlan';
import { startPlan, type Started } from '../startPlan';
import { fromSettings, planBackup } from './plan';

/** Everything a request may say beside the database, for callers in code. */
export interface BackUpAnswers {
  request: Partial<Omit<DumpRequest, 'method' | 'database'>>;
  /** Folder the backup goes to. */
  folder: string;
}

/** One click: the measured defaults, nothing asked. Several selected databases are several jobs. */
export const backUpDatabase: Command = {
  id: 'restorePoint.backUpDatabase',
  async run(services, { target, targets }: Call<BackUpAnswers>): Promise<Started & { jobs: string[] }> {
    const title = vscode.l10n.t('Back Up Database');
    const jobs: string[] = [];
    const databases = targets.filter(({ database }) => database !== undefined);
    for (const one of databases.length > 1 ? databases : [target]) {
      const connection = await chooseConnection(services, one, title);
      const database = await chooseDatabase(services, connection, one, title);
      const request: DumpRequest = { method: 'dump', database, ...fromSettings(), ...target.request };
      const plan = await planBackup(services, connection, request, target.folder);
      jobs.push((await startPlan(services, plan, { connection, database })).job);
    }
    return { job: jobs[0] ?? '', jobs };
  },
};

/** What one click would do, to read first; it can be run from there. */
export const showBackupPlan: Command = {
  id: 'restorePoint.showBackupPlan',
  async run(services, { target }: Call<BackUpAnswers>) {
    const title = vscode.l10n.t('Show Backup Plan');
    const connection = await chooseConnection(services, target, title);
    const database = await chooseDatabase(services, connection, target, title);
    const request: DumpRequest = { method: 'dump', database, ...fromSettings(), ...target.request };
    const plan = await planBackup(services, connection, request, target.folder);
    void showPlan(services, plan, { connection, database });
    return plan;
  },
};
