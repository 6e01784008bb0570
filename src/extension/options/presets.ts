import * as vscode from 'vscode';
import type { BackupRequest, Preset, PresetStore } from '../../engine/backup';
import type { Ask } from '../ask';
import { Dismissed } from '../cancel';

/** A kept preset of a method; undefined when none was chosen. */
export async function choosePreset(
  ask: Ask,
  store: PresetStore,
  title: string,
  method: BackupRequest['method'],
): Promise<Preset | undefined> {
  const presets = (await store.list()).filter(({ request }) => request.method === method);
  if (!presets.length) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('There are no presets yet. Set the options and choose "Save as Preset".'),
    );
    return undefined;
  }
  const remove = async (preset: Preset): Promise<undefined> => {
    await ask.confirm({
      id: 'preset.remove',
      message: vscode.l10n.t('Remove the preset "{0}"?', preset.name),
      yes: vscode.l10n.t('Remove'),
    });
    await store.remove(preset.name);
  };
  return await orNothing(async () => {
    const { preset, act } = await ask.pick({
      id: 'preset',
      title,
      placeholder: vscode.l10n.t('Preset'),
      options: presets.flatMap((preset) => [
        { label: preset.name, detail: describe(preset), value: { preset, act: 'use' } },
        { label: `$(trash) ${vscode.l10n.t('Remove "{0}"', preset.name)}`, value: { preset, act: 'remove' } },
      ]),
    });
    return act === 'use' ? preset : await remove(preset);
  });
}

/** Keeps a request's options under a name. */
export async function savePreset(
  ask: Ask,
  store: PresetStore,
  title: string,
  request: BackupRequest,
): Promise<void> {
  await orNothing(async () => {
    const name = await ask.text({
      id: 'preset.name',
      title,
      prompt: vscode.l10n.t('Name of the preset; one of the same name is replaced.'),
      validate: (text) => (text.trim() ? undefined : vscode.l10n.t('This is needed.')),
    });
    await store.save(name.trim(), request);
  });
}

/** Closing one of these questions goes back to the sheet. */
async function orNothing<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Dismissed) return undefined;
    throw error;
  }
}

function describe({ request }: Preset): string {
  const { format, options } = request as { format?: string; options?: object };
  return [format, ...Object.keys(options ?? {}).map((flag) => `--${flag}`)].filter(Boolean).join(' · ');
}
