import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { Artifact } from '../../../engine/artifacts/types';
import { engine } from '../../engine';
import { bytes } from '../../format';
import { chooseBackup } from '../choose';
import type { Command } from '../command';

/** Deletes backups with their manifests and companions, or what a gone job left behind. */
export const deleteBackup: Command = {
  id: 'restorePoint.deleteBackup',
  async run(services, { targets }) {
    const { ask, backups } = services;
    const title = vscode.l10n.t('Delete Backup');
    const chosen: Artifact[] = [];
    const named = targets.filter(({ artifact }) => artifact !== undefined);
    for (const target of named.length ? named : [{}])
      chosen.push(await chooseBackup(services, target, title));
    const total = chosen.reduce((sum, artifact) => sum + artifact.bytes, 0);
    await ask.confirm({
      id: 'confirm',
      message:
        chosen.length === 1
          ? vscode.l10n.t('Delete {0}?', basename(chosen[0]?.path ?? ''))
          : vscode.l10n.t('Delete {0} backups?', chosen.length),
      detail: [
        ...chosen.map(({ path }) => path),
        '',
        vscode.l10n.t('{0} are freed. This cannot be taken back.', bytes(total)),
      ].join('\n'),
      yes: vscode.l10n.t('Delete'),
    });
    const { refuseIfNeeded, removeArtifact } = await engine();
    const physical = chosen.filter(({ recognised, partial }) => recognised.kind === 'basebackup' && !partial);
    await refuseIfNeeded(physical.map(({ path }) => path));
    try {
      for (const artifact of chosen) await removeArtifact(artifact);
    } finally {
      backups.refresh();
    }
  },
};
