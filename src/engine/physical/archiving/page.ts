import type { Client } from 'pg';
import { delimiter, join } from 'node:path';
import { accessSync, constants } from 'node:fs';
import * as l10n from '@vscode/l10n';
import { CancelledError, type ErrorFacts } from '../../errors';
import { startProcess } from '../../process';
import type { WalArchive } from '../wal/types';
import { pushCommand } from './command';
import { readArchiving } from './read';
import { reportArchiving } from './report';
import { dataDirectory, planArchiving } from './setup';
import type { ArchivingSetup } from './types';
import { viewArchiving, type ArchivingView } from './view';

/** What a page is made of besides the server. */
export interface PageOptions {
  /** The archive on the server's machine; null: no set-up is shown. */
  folder: string | null;
  /** What is in it, as seen from here. */
  archive: WalArchive | null;
  /** Path of our command line. */
  cli: string;
  /** Another command than ours. */
  command?: string | undefined;
}

/** Asks the server, and makes the page of it. Throws what asking throws, `archiving.path`. */
export async function readArchivingPage(
  client: Client,
  { folder, archive, cli, command }: PageOptions,
): Promise<{
  view: ArchivingView;
  setup: ArchivingSetup | null;
  commandNote: string | null;
  systemIdentifier: string | null;
}> {
  const state = await readArchiving(client);
  const directory = await dataDirectory(client);
  const wanted = command ?? (folder === null ? null : pushCommand({ node: nodeProgram(), cli }, folder));
  const plan = wanted === null ? null : planArchiving(state, { command: wanted, directory });
  return {
    view: viewArchiving(reportArchiving(state), plan && { plan, command: wanted! }, archive),
    setup: plan,
    systemIdentifier: state.systemIdentifier,
    commandNote: wanted?.includes(cli)
      ? l10n.t(
          "The command names the folder of this version of the extension, which an update replaces. Copy dist/cli.js with dist/cli to a place on the server's machine that stays and that the server's user can read, and name that here; Node 22 or later is needed there.",
        )
      : null,
  };
}

/**
 * What a folder holds, or why that cannot be told from here. Listed by a process of its own: with a hundred thousand segments
 * that is more than the editor's thread may be busy.
 */
export async function lookIntoArchive(
  folder: string,
  cli: string,
  signal?: AbortSignal,
): Promise<{ archive: WalArchive | null; problem: string | null }> {
  const lines: string[] = [];
  const listing = await startProcess(process.execPath, [cli, 'wal', 'list', folder, '--json'], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ELECTRON_RUN_AS_NODE: '1' },
    stdout: 'lines',
    onLine: (stream, line) => void (stream === 'stdout' && lines.push(line)),
    ...(signal ? { signal } : {}),
  });
  const { exitCode, stderrTail } = await listing.done;
  if (signal?.aborted) throw new CancelledError();
  try {
    const document = JSON.parse(lines.join('\n')) as WalArchive | { error: ErrorFacts };
    return 'error' in document
      ? { archive: null, problem: document.error.what }
      : { archive: document, problem: null };
  } catch {
    return {
      archive: null,
      problem: stderrTail || l10n.t('The listing ended with exit code {0}.', exitCode),
    };
  }
}

/** The editor's own program is no Node that a server could start. */
function nodeProgram(env = process.env): string {
  if (!process.versions.electron) return process.execPath;
  const found = (env.PATH ?? '').split(delimiter).find((folder) => {
    try {
      accessSync(join(folder, 'node'), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
  return found === undefined ? 'node' : join(found, 'node');
}
