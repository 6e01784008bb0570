import { settingWord } from '../../physical';

/**
 * The `restore_command` that brings WAL from a folder by our own `wal fetch`, so that damage is never taken for the end of the
 * archive.
 *
 * @param cli path of the command line's bundle
 * @param execPath Node, or the editor's own program, which has to be told to be Node
 */
export function walFetchCommand(
  folder: string,
  { cli, execPath = process.execPath }: { cli: string; execPath?: string },
): string {
  const isWindows = process.platform === 'win32';
  const [node, script] = [settingWord(execPath), settingWord(cli)];
  const asNode = process.versions.electron === undefined ? '' : asNodeOn[isWindows ? 1 : 0];
  // Node ends with 1 when the server's user may not read the script; to the server that is the end of the archive, too.
  const guard = isWindows ? '' : `test -x ${node} && test -r ${script} || exit 200; `;
  return `${guard}${asNode}${node} ${script} wal fetch %f %p --from ${settingWord(folder)}`;
}

const asNodeOn = ['ELECTRON_RUN_AS_NODE=1 ', 'set ELECTRON_RUN_AS_NODE=1&& '] as const;
