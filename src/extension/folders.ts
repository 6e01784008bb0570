import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { engine } from './engine';
import { setting } from './settings';

/** A folder as a setting names it: `~` is the home folder, anything relative begins there too. */
function expand(folder: string): string {
  const text = folder.trim();
  if (text === '~' || text.startsWith('~/') || text.startsWith('~\\')) return join(homedir(), text.slice(1));
  return isAbsolute(text) ? resolve(text) : join(homedir(), text);
}

/** Where new backups go: the setting's folder, else the engine's own. */
export async function backupFolder(): Promise<string> {
  const chosen = setting('backups.folder').trim();
  return chosen ? expand(chosen) : (await engine()).home().backups;
}

/** Every folder whose backups are listed, that of new backups first, each once. */
export async function listedFolders(): Promise<string[]> {
  const more = setting('backups.folders').filter((folder) => folder.trim());
  return [...new Set([await backupFolder(), ...more.map(expand)])];
}
