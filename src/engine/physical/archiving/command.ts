import * as l10n from '@vscode/l10n';
import { RestorePointError } from '../../errors';
import { quoteWord } from '../../tools';
import type { WalCompression } from '../wal/encode';

/** Our command line as a server runs it. */
export interface OwnCommand {
  /** Path of Node, or its name in the server's PATH. */
  node: string;
  /** Path of `dist/cli.js`, as the server finds it. */
  cli: string;
}

/** A word of a command that a server runs: `%` has a meaning in these settings. */
export function settingWord(text: string): string {
  return quoteWord(text).replaceAll('%', '%%');
}

/** `archive_command`: stores a segment in a folder. Throws `archiving.path` for what no setting can hold. */
export function pushCommand(
  { node, cli }: OwnCommand,
  folder: string,
  compression: WalCompression = 'zstd',
): string {
  for (const path of [node, cli, folder]) refuseLines(path);
  return `${settingWord(node)} ${settingWord(cli)} wal push %p --to ${settingWord(folder)} --compress ${compression}`;
}

/** ALTER SYSTEM refuses values with line breaks. */
export function refuseLines(text: string): void {
  if (!/[\r\n\0]/.test(text)) return;
  throw new RestorePointError({
    code: 'archiving.path',
    what: l10n.t('A setting of the server cannot hold a line break.'),
    why: JSON.stringify(text),
    next: l10n.t('Choose a folder whose path has none.'),
  });
}
