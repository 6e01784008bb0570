import { formatConnection, type ResolvedConnection } from '../connections';
import { throughPrefix } from './prefix';
import { programPath } from './probe';
import { quotePowerShellWord, quoteWord } from './quote';
import type { ClientBuild, ToolName } from './types';

/**
 * The command as a person can read it, copy it and run it: quoted for a POSIX shell (for PowerShell on
 * Windows), without any password. The programs themselves are started without a shell.
 */
export function renderCommand(
  build: ClientBuild,
  tool: ToolName,
  args: string[],
  connection?: ResolvedConnection,
  database?: string,
): string {
  const platform = build.prefix ? 'linux' : process.platform;
  const words = [
    programPath(build.folder, tool, platform),
    ...connectionWords(tool, connection, database),
    ...args,
  ];
  if (build.prefix) return throughPrefix(build.prefix, words).map(quoteWord).join(' ');
  if (platform !== 'win32') return words.map(quoteWord).join(' ');
  const line = words.map(quotePowerShellWord).join(' ');
  // PowerShell takes a quoted path for a text unless told to call it.
  return line.startsWith("'") ? `& ${line}` : line;
}

function connectionWords(tool: ToolName, connection?: ResolvedConnection, database?: string): string[] {
  if (!connection) return [];
  const { settings } = connection;
  const uri = formatConnection({ ...settings, database: database ?? settings.database });
  return [`--dbname=${uri}`, ...defaultDatabase(tool, database)];
}

/** pg_dumpall ignores the database of `--dbname` and has an option of its own for it. */
export function defaultDatabase(tool: ToolName, database: string | undefined): string[] {
  return tool === 'pg_dumpall' && database ? [`--database=${database}`] : [];
}
