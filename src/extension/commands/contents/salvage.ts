import { stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import * as vscode from 'vscode';
import { working } from '../../editors/working';
import { count } from '../../format';
import type { Salvaged } from '../../reader/contract';
import type { Services } from '../../services';
import type { Call, Command } from '../command';
import { chooseDump } from './chooseDump';

interface Answers {
  as: 'script' | 'files';
  /** The script, or the folder to be made. */
  to: string;
}

/** Writes what can still be read of a dump to a new script or folder, and says what became of its tables. */
export const salvage: Command = {
  id: 'restorePoint.salvage',
  untrusted: true,
  async run(services, { target }: Call<Answers>): Promise<Salvaged> {
    const title = vscode.l10n.t('Salvage Dump');
    const path = await chooseDump(services, target, title);
    const as = target.as ?? (await chooseForm(services, title));
    const to = target.to ?? (await choosePlace(services, path, as, title));
    const lease = services.dumps.use(path);
    try {
      const { signal } = new AbortController();
      const task = { title: vscode.l10n.t('Salvaging {0}', basename(path)), task: 'salvage', signal };
      const salvaged = await working({ ...task, dump: lease.dump }, (both) =>
        lease.dump.call('salvage', { as, to }, both),
      );
      tell(salvaged);
      // It is there also where the editor cannot show it: a browser has no file manager.
      await show(to, as).catch(() => undefined);
      return salvaged;
    } finally {
      lease.dispose();
    }
  },
};

async function chooseForm({ ask }: Services, title: string): Promise<Answers['as']> {
  return await ask.pick<Answers['as']>({
    id: 'salvage.as',
    title,
    placeholder: vscode.l10n.t('What can still be read is written to a new place.'),
    options: [
      {
        label: vscode.l10n.t('One SQL Script'),
        detail: vscode.l10n.t('For psql: definitions, rows up to the damage and whole large objects.'),
        value: 'script',
      },
      {
        label: vscode.l10n.t('A Folder of Files'),
        detail: vscode.l10n.t('Definitions, one file of rows for each table, one for each large object.'),
        value: 'files',
      },
    ],
  });
}

/** A name that is not taken, or the one a person chose. What is there is never written over. */
async function choosePlace(
  { ask }: Services,
  path: string,
  as: Answers['as'],
  title: string,
): Promise<string> {
  const name = `${basename(path, extname(path))}.salvaged`;
  if (as === 'script') {
    const start = await freshPath(join(dirname(path), name), '.sql');
    const button = vscode.l10n.t('Salvage');
    return await ask.file({ id: 'salvage.file', title, button, what: 'save', start });
  }
  const parent = await ask.file({
    id: 'salvage.folder',
    title: vscode.l10n.t('Where to Make the Folder {0}', name),
    button: vscode.l10n.t('Salvage Here'),
    what: 'folder',
    start: dirname(path),
  });
  return await freshPath(join(parent, name), '');
}

async function freshPath(base: string, extension: string): Promise<string> {
  for (let number = 1; ; number++) {
    const path = `${base}${number === 1 ? '' : ` ${number}`}${extension}`;
    if (!(await stat(path).catch(() => undefined))) return path;
  }
}

/** The script in an editor, the folder in the file manager. */
async function show(to: string, as: Answers['as']): Promise<void> {
  const uri = vscode.Uri.file(to);
  if (as === 'files') await vscode.commands.executeCommand('revealFileInOS', uri);
  else await vscode.commands.executeCommand('vscode.open', uri, { preview: true });
}

function tell({ tables: { whole, partial, lost }, lostObjects, files }: Salvaged): void {
  const parts = [
    vscode.l10n.t(
      'Tables whole: {0}, partly there: {1}, lost: {2}.',
      count(whole),
      count(partial),
      count(lost),
    ),
    ...(lostObjects ? [vscode.l10n.t('Large objects lost: {0}.', count(lostObjects))] : []),
    ...files.slice(1).map((path) => vscode.l10n.t('Rows of which nobody knows the table: {0}', path)),
  ];
  const good = partial + lost + lostObjects + files.length === 1;
  const message = good ? vscode.window.showInformationMessage : vscode.window.showWarningMessage;
  void message(vscode.l10n.t('Salvaged. {0}', parts.join(' ')));
}
