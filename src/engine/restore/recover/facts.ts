import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import * as l10n from '@vscode/l10n';
import * as z from 'zod/mini';
import type { ResolvedConnection } from '../../connections/types';
import { RestorePointError } from '../../errors';
import { RECOVERED } from '../../pgdata/restoring';
import type { RecoveryTarget } from '../../physical';

const HBA = 'restore-point.hba.conf';

const target = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('latest') }),
  z.object({ kind: z.literal('immediate') }),
  z.object({ kind: z.literal('time'), time: z.string() }),
  z.object({ kind: z.literal('lsn'), lsn: z.string() }),
  z.object({ kind: z.literal('xid'), xid: z.string() }),
  z.object({ kind: z.literal('name'), name: z.string() }),
]);

const facts = z.object({
  /** Path of the backup it began with. */
  backup: z.string(),
  /** Folder of the WAL archive; null where it had none. */
  wal: z.nullable(z.string()),
  target,
  exclusive: z.boolean(),
  timeline: z.number(),
  port: z.number(),
  socketFolder: z.string(),
  user: z.string(),
});

export interface SideFacts extends z.infer<typeof facts> {
  target: RecoveryTarget;
}

/** The files of ours in a recovered cluster: who may enter, and what it is; a server's own file, so that it is no base backup before it is started. */
export function sideFiles(known: SideFacts): Record<string, string> {
  return {
    [HBA]: 'local all all trust\n',
    'postmaster.opts': '',
    [RECOVERED]: `${JSON.stringify(known, null, 2)}\n`,
  };
}

/** What is known of a cluster that a recovery of ours made. Throws `recovery.notOurs` for other folders. */
export async function sideFacts(directory: string): Promise<SideFacts> {
  const folder = resolve(directory);
  try {
    return facts.parse(JSON.parse(await readFile(join(folder, RECOVERED), 'utf8')));
  } catch {
    throw notOurs(folder);
  }
}

export async function isOurs(folder: string): Promise<boolean> {
  return (await stat(join(folder, HBA)).catch(() => null)) !== null;
}

export function notOurs(folder: string): RestorePointError {
  return new RestorePointError({
    code: 'recovery.notOurs',
    what: l10n.t('"{0}" is no cluster that restore-point recover made.', folder),
    why: '',
    next: l10n.t('Name the folder that --into was given.'),
  });
}

/** How a recovered cluster is reached: by its socket, which asks for no password. */
export function connectionTo({
  socketFolder,
  port,
  user,
}: Pick<SideFacts, 'socketFolder' | 'port' | 'user'>): ResolvedConnection {
  return {
    ...{ id: 'recovered', name: socketFolder, role: 'local' },
    settings: { hosts: [{ host: socketFolder, port }], user, database: 'postgres', sslMode: 'disable' },
  };
}
