import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import * as l10n from '@vscode/l10n';
import { readContents, type Contents } from '../archive';
import { quoteIdent, serverFacts, withClient, type Access } from '../connections';
import { CancelledError, RestorePointError } from '../errors';
import { chooseForDump, runTool, type ClientBuild } from '../tools';

/** Longer than this nobody should wait for a lock to see what is in a database. */
const lockWaitMs = 10_000;
const shownLines = 5;

export interface LiveInventory {
  signal?: AbortSignal | undefined;
  /** One that another session exported: what is read is of that moment. */
  snapshot?: string;
  /** Tables that may not be read, for which pg_dump would give up. */
  without?: { schema: string; name: string }[];
}

/**
 * What a database holds, without its rows, as the contents of a dump: so a live side and an archive speak one dialect,
 * with the same identities. Takes ACCESS SHARE locks for a moment, as pg_dump does, and leaves nothing behind.
 * Throws `tool.*`, `connection.*`, and `inventory.failed` with pg_dump's words.
 */
export async function readLive(
  access: Access,
  database: string,
  builds: ClientBuild[],
  { signal, snapshot, without = [] }: LiveInventory = {},
): Promise<Contents> {
  const { version } = await withClient(access, database, serverFacts, { signal });
  const { build } = chooseForDump(builds, version);
  const folder = await mkdtemp(join(tmpdir(), 'restore-point-'));
  try {
    const path = join(folder, 'live.dump');
    const file = createWriteStream(path, { mode: 0o600 });
    const said: string[] = [];
    const ended = await runTool({
      ...{ build, tool: 'pg_dump', access, database, signal, stdout: file },
      args: [
        '--format=custom',
        '--schema-only',
        '--compress=0',
        `--lock-wait-timeout=${lockWaitMs}`,
        ...(snapshot === undefined ? [] : [`--snapshot=${snapshot}`]),
        ...without.map(({ schema, name }) => `--exclude-table=${quoteIdent(schema)}.${quoteIdent(name)}`),
      ],
      onLine: (stream, line) => void (stream === 'stderr' && said.push(line)),
    });
    if (!file.destroyed) file.end();
    await finished(file).catch(() => {});
    if (signal?.aborted) throw new CancelledError();
    if (ended.exitCode !== 0)
      throw new RestorePointError({
        code: 'inventory.failed',
        what: l10n.t('What is in {0} could not be read.', database),
        why: said.slice(-shownLines).join('\n'),
        next: l10n.t('Read what pg_dump says; a table that is locked by somebody else holds it up.'),
        remedies: [{ do: 'retry' }],
      });
    return await readContents(path, { signal });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
