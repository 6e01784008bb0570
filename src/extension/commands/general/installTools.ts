import * as vscode from 'vscode';
import { engine } from '../../engine';
import type { Call, Command } from '../command';

/** PostgreSQL's own pages know every system. */
const downloads = 'https://www.postgresql.org/download/';
const pages: Partial<Record<NodeJS.Platform, string>> = {
  linux: 'linux/',
  darwin: 'macosx/',
  win32: 'windows/',
};

/** The newest major that is out; for people who ask before anything is missing. */
const newestMajor = '18';

interface Answers {
  /** What an error found missing. */
  major: string;
  command: string;
}

/** The line for this system's packager, to run in a terminal, and PostgreSQL's own pages. */
export const installTools: Command = {
  id: 'restorePoint.installTools',
  untrusted: true,
  async run({ ask }, { target }: Call<Answers>) {
    const { installCommand, packagesHere } = await engine();
    const line = target.command ?? (await installCommand(target.major ?? newestMajor, await packagesHere()));
    const chosen = await ask.pick<'copy' | 'page'>({
      id: 'tools.install',
      title: vscode.l10n.t('How to Install PostgreSQL Clients'),
      options: [
        ...(line ? [{ label: vscode.l10n.t('Copy Command'), detail: line, value: 'copy' as const }] : []),
        { label: vscode.l10n.t('Open Download Page'), detail: downloads, value: 'page' },
      ],
    });
    if (chosen === 'copy' && line) await vscode.env.clipboard.writeText(line);
    else await vscode.env.openExternal(vscode.Uri.parse(downloads + (pages[process.platform] ?? '')));
  },
};
