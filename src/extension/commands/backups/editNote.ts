import * as vscode from 'vscode';
import { engine } from '../../engine';
import { chooseBackup } from '../choose';
import type { Call, Command } from '../command';
import { noManifest } from './showManifest';

/** A note is kept in the manifest and shown in the tree. */
export const editNote: Command = {
  id: 'restorePoint.editNote',
  async run(services, { target }: Call<{ note: string }>) {
    const { ask, backups } = services;
    const title = vscode.l10n.t('Edit Note');
    const { path, manifest } = await chooseBackup(services, target, title, (one) => one.manifest !== null);
    if (!manifest) throw await noManifest(path);
    const notes =
      target.note ??
      (await ask.text({
        id: 'backup.note',
        title,
        prompt: vscode.l10n.t('What this backup is for'),
        value: manifest.notes,
      }));
    const { writeManifest } = await engine();
    await writeManifest(path, { ...manifest, notes });
    backups.refresh();
  },
};
