import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import type { Artifact } from '../../../engine/artifacts/types';
import type { Plan } from '../../../engine/plan';
import type { DirectoryRequest } from '../../../engine/restore';
import { engine } from '../../engine';
import type { BaseBackupAnswer } from '../../late';
import type { Services } from '../../services';
import { clientBuilds } from '../../tools';
import { chooseBackup } from '../choose';
import type { Call, Command } from '../command';
import { startOrShow } from '../showPlan';
import { planning, type Started } from '../startPlan';

interface Answers {
  /** All that would be asked. */
  into: Omit<DirectoryRequest, 'artifact'>;
}

/** A base backup into an empty folder, as a cluster of its own; its chain is combined by itself. */
export const restoreBaseBackup: Command = {
  id: 'restorePoint.restoreBaseBackup',
  async run(services, { target }: Call<Answers>): Promise<Started | undefined> {
    const title = vscode.l10n.t('Restore into a Folder');
    const artifact = await chooseBackup(services, target, title, isBase);
    await requireBase(artifact);
    const { request, showPlan } =
      target.into === undefined
        ? await ask(services, title, artifact)
        : { request: { artifact: artifact.path, ...target.into }, showPlan: false };
    const plan = await planOf(request);
    return await startOrShow(services, plan, null, { show: showPlan });
  },
};

async function planOf(request: DirectoryRequest): Promise<Plan> {
  const { planRestoreDirectory } = await engine();
  const builds = await clientBuilds();
  return await planning(() => planRestoreDirectory(request, { builds, now: new Date() }));
}

async function ask(
  services: Services,
  title: string,
  { path, manifest }: Artifact,
): Promise<BaseBackupAnswer> {
  const { readBaseFacts } = await engine();
  const { tablespaces, incrementalFrom } = await readBaseFacts(path);
  const { askBaseBackupOptions } = await import('../../late');
  const directory = join(homedir(), 'restored', basename(path).replace(/\.base$/, ''));
  return await askBaseBackupOptions(
    services,
    title,
    { artifact: path, directory, as: 'primary' },
    {
      tablespaces,
      names: new Map((manifest?.base?.tablespaces ?? []).map(({ oid, name }) => [oid, name])),
      chained: incrementalFrom !== null,
    },
  );
}

/** For the lists that a person chooses from. */
export function isBase({ recognised, partial }: Artifact): boolean {
  return recognised.kind === 'basebackup' && !partial;
}

/** Throws `artifact.noBaseBackup`. */
export async function requireBase(artifact: Artifact): Promise<void> {
  if (isBase(artifact)) return;
  const { RestorePointError } = await engine();
  throw new RestorePointError({
    code: 'artifact.noBaseBackup',
    what: vscode.l10n.t('"{0}" is no base backup.', artifact.path),
    why: '',
    next: vscode.l10n.t('Choose a base backup.'),
  });
}
