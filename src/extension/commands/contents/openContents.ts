import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Artifact } from '../../../engine/artifacts/types';
import { dumpUri } from '../../editors/contentsDocument';
import { engine } from '../../engine';
import { bytes } from '../../format';
import { editorTypes } from '../../ids';
import type { Services } from '../../services';
import { chooseBackup } from '../choose';
import type { Call, Command } from '../command';

interface Answers {
  /** Of a set: which member, by its path from the folder the set is in. */
  member: string;
}

/** Opens a backup as what is in it; of a set, one of its dumps; of a base backup its page. */
export const openContents: Command = {
  id: 'restorePoint.openContents',
  untrusted: true,
  async run(services, { target }: Call<Answers>) {
    const artifact = await chooseBackup(services, target, vscode.l10n.t('Open Contents'));
    const { kind } = artifact.recognised;
    if (kind === 'basebackup') {
      const { openBaseBackup } = await import('../../late');
      return await openBaseBackup(services, artifact.path);
    }
    const path = kind === 'set' ? await memberOf(services, artifact, target.member) : artifact.path;
    const uri = await dumpUri(path);
    if (kind === 'rows') await vscode.window.showTextDocument(uri);
    else await vscode.commands.executeCommand('vscode.openWith', uri, editorTypes.contents);
    return undefined;
  },
};

/** One dump of a set: asked for, unless the call names it. */
async function memberOf(
  { ask }: Services,
  { path, manifest }: Artifact,
  named: string | undefined,
): Promise<string> {
  const files = manifest?.files.filter(({ holds }) => holds !== undefined) ?? [];
  if (named !== undefined) return join(path, '..', named);
  if (files.length === 0) {
    const { RestorePointError } = await engine();
    throw new RestorePointError({
      code: 'artifact.noManifest',
      what: vscode.l10n.t('This set has no manifest that says what its files are.'),
      why: path,
      next: vscode.l10n.t('Open one of its files in the Explorer.'),
    });
  }
  const chosen = await ask.pick({
    id: 'backup.member',
    title: vscode.l10n.t('Open Contents'),
    placeholder: vscode.l10n.t('A dump of this set'),
    options: files.map((file) => ({
      label: file.holds === 'globals' ? vscode.l10n.t('Roles and tablespaces') : (file.holds ?? file.path),
      description: bytes(file.bytes),
      value: file.path,
    })),
  });
  return join(path, '..', chosen);
}
