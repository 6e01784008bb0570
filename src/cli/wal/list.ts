import * as l10n from '@vscode/l10n';
import { readWalArchive, WalFolder } from '../../engine/physical';
import { common, parse } from '../args';
import { exitCodes, type ExitCode, type Io } from '../io';
import { note, printResult } from '../output';
import { oneFolder } from './folder';
import { archiveText } from './text';

/** `wal list`. */
export async function action(args: string[], io: Io): Promise<ExitCode> {
  const { positionals } = parse({ args, allowPositionals: true, options: common });
  return await listWal(oneFolder(positionals), io);
}

/** What is in an archive: `wal list`, and `inspect` of its folder. */
export async function listWal(folder: string, io: Io): Promise<ExitCode> {
  const archive = await readWalArchive(new WalFolder(folder), { signal: io.signal });
  printResult(io, archive, archiveText(archive));
  if (!archive.timelines.length && !io.json) note(io, l10n.t('No WAL in {0}.', archive.name));
  return exitCodes.done;
}
