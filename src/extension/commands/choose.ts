import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import type { Artifact } from '../../engine/artifacts/types';
import type { Connection } from '../../engine/connections/types';
import type { JobSummary } from '../../engine/jobs';
import { roleName } from '../connections';
import { Dismissed } from '../cancel';
import { engine } from '../engine';
import { bytes, moment } from '../format';
import type { Services } from '../services';
import type { Target } from '../target';
import { sourceText } from '../trees/backups/backup';
import { evidenceText } from '../trees/backups/evidence';

/** The connection a call names, else the only one there is, else asked for. */
export async function chooseConnection(
  services: Services,
  target: Target,
  title: string,
): Promise<Connection> {
  const { ask, connections } = services;
  if (target.connection !== undefined) {
    const named = await connections.get(target.connection);
    if (named) return named;
    const { RestorePointError } = await engine();
    throw new RestorePointError({
      code: 'connection.unknown',
      what: vscode.l10n.t('There is no connection "{0}".', target.connection),
      why: '',
      next: vscode.l10n.t('Add it, or choose another one.'),
    });
  }
  const all = await connections.list();
  if (all.length === 0) {
    const added = await vscode.commands.executeCommand<Connection | undefined>('restorePoint.addConnection');
    if (!added) throw new Dismissed();
    return added;
  }
  if (all.length === 1 && all[0]) return all[0];
  return await ask.pick({
    id: 'connection',
    title,
    placeholder: vscode.l10n.t('Connection'),
    options: all.map((connection) => ({
      label: connection.name,
      description: [roleName(connection.role), connection.group].filter(Boolean).join(' · '),
      value: connection,
    })),
  });
}

/** The database a call names, else asked for with sizes. */
export async function chooseDatabase(
  services: Services,
  connection: Connection,
  target: Target,
  title: string,
): Promise<string> {
  if (target.database !== undefined) return target.database;
  const databases = await listDatabases(services, connection);
  return await services.ask.pick({
    id: 'database',
    title,
    placeholder: vscode.l10n.t('Database of {0}', connection.name),
    options: databases
      .filter(({ allowConnections, isTemplate }) => allowConnections && !isTemplate)
      .map(({ name, bytes: size, owner }) => ({
        label: name,
        description: [...(size === null ? [] : [bytes(size)]), owner].join(' · '),
        picked: name === connection.settings.database,
        value: name,
      })),
  });
}

type DatabaseInfo = Awaited<ReturnType<Awaited<ReturnType<typeof engine>>['listDatabases']>>[number];

/** Every database of a server; the password is asked for when it is needed. */
export async function listDatabases(services: Services, connection: Connection): Promise<DatabaseInfo[]> {
  const { listDatabases, withClient } = await engine();
  return await services.sessions.use(
    connection,
    (access) =>
      withClient(access, access.loginDatabase ?? access.connection.settings.database, (client) =>
        listDatabases(client),
      ),
    { interactive: true },
  );
}

/** The backup a call names, else asked for; "Browse…" takes any file or folder. */
export async function chooseBackup(
  services: Services,
  target: Target,
  title: string,
  fits: (artifact: Artifact) => boolean = () => true,
): Promise<Artifact> {
  const { inspectArtifact } = await engine();
  const path = target.artifact ?? (await askForBackup(services, title, fits));
  // In the Explorer these stand for the folder they are in.
  return await inspectArtifact(isOfBaseBackup(basename(path)) ? dirname(path) : path);
}

async function askForBackup(
  { ask, backups }: Services,
  title: string,
  fits: (artifact: Artifact) => boolean,
): Promise<string> {
  const options = backups
    .list()
    .catch(() => [])
    .then((all) => [
      ...all.filter(fits).map((artifact) => ({
        label: `${sourceText(artifact) ?? artifact.path} — ${moment(artifact.createdAt)}`,
        description: [bytes(artifact.bytes), evidenceText(artifact.evidence)].join(' · '),
        detail: artifact.path,
        value: artifact.path,
      })),
      { label: vscode.l10n.t('File…'), heading: vscode.l10n.t('Elsewhere'), value: 'file' },
      { label: vscode.l10n.t('Folder of a directory dump…'), value: 'folder' },
    ]);
  const chosen = await ask.pick({ id: 'backup', title, placeholder: vscode.l10n.t('Backup'), options });
  if (chosen !== 'file' && chosen !== 'folder') return chosen;
  return await ask.file({ id: 'backup.file', title, button: vscode.l10n.t('Choose'), what: chosen });
}

/** The job a call names, else asked for. */
export async function chooseJob(
  { ask, jobs }: Services,
  target: Target,
  title: string,
  fits: (job: JobSummary) => boolean = () => true,
): Promise<JobSummary> {
  const all = await jobs.list();
  const named = all.find(({ id }) => id === target.job);
  if (named) return named;
  return await ask.pick({
    id: 'job',
    title,
    placeholder: vscode.l10n.t('Job'),
    options: all.filter(fits).map((job) => ({
      label: job.plan.title,
      description: [job.state, ...(job.startedAt ? [moment(job.startedAt)] : [])].join(' · '),
      value: job,
    })),
  });
}

/** Files by which a base backup is known, plain or in tar files. */
function isOfBaseBackup(name: string): boolean {
  return name === 'backup_manifest' || /^base\.tar(?:\.(?:gz|zst|lz4))?$/.test(name);
}

/** For lists of what can be restored into a database. */
export function isRestorable({ partial, recognised }: Artifact): boolean {
  return !partial && recognised.kind !== 'basebackup';
}
