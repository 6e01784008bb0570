import { mkdir, open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Client } from 'pg';
import * as l10n from '@vscode/l10n';
import { serverFacts } from '../../connections';
import { CancelledError, RestorePointError } from '../../errors';
import { explainFileError } from '../../fileFailure';
import {
  copyCluster,
  copyControlAgain,
  createDigest,
  listCopy,
  ManifestWriter,
  parseBackupLabel,
  readControlFile,
  segmentsOf,
  sourceBytes,
  tablespacesBeside,
  versionFolder as versionFolderOf,
  type ControlFile,
  type CopiedTablespace,
} from '../../pgdata/restoring';
import type { CopyOnlineStep } from '../../plan';
import { BackupMode, type Stopped } from './backupMode';
import { skipped } from './copyCluster';
import { runCopyCommand } from './copyCommand';
import { withSession } from './session';
import { explainSqlError } from './sqlFailure';
import type { Executor, StepContext } from './types';
import { waitForWal } from './waitForWal';

/** A copy between the server's start and stop of a backup, whoever makes it; the server is always told that it is over. */
export const copyOnline: Executor<CopyOnlineStep> = async (step, context) => {
  const { artifact } = context.job.plan;
  if (!artifact) throw new Error('The plan copies a cluster into no backup.');
  const { folder } = step;
  const spaces = step.tablespaces.map(({ oid, location, folder: to }) => ({ oid, from: location, to }));
  return await withSession(step, context, async (client, guard) => {
    // A server that goes down ends the copy, which is worth nothing then.
    const lost = new AbortController();
    client.once('end', () => lost.abort());
    const signal = AbortSignal.any([context.signal, lost.signal]);
    const { major, standby } = await lookAt(client);
    const mode = new BackupMode(client, major);
    try {
      await mkdir(dirname(folder), { recursive: true, mode: 0o700 });
      await mkdir(folder, { mode: 0o700 });
      context.log('info', await guard(mode.start(step.label, step.fast)), 'pg_backup_start');
      const copied = await copy(step, spaces, folder, { major, standby }, signal, context);
      try {
        const stopped = await guard(mode.stop());
        context.log('info', stopped.lsn, 'pg_backup_stop');
        const wal = await finishCopy(stopped, copied, folder, artifact.path);
        await waitForWal(step, wal, copied.control.systemIdentifier, client, context);
        return { wal: { segments: wal, from: step.walFrom } };
      } finally {
        await copied.manifest.close();
      }
    } catch (error) {
      if (context.signal.aborted) throw new CancelledError();
      if (lost.signal.aborted) throw sessionLost(error);
      throw explainFileError(explainSqlError(error, step.title), folder);
    } finally {
      await mode.abandon();
    }
  });
};

interface Server {
  major: number;
  standby: boolean;
}

async function lookAt(client: Client): Promise<Server> {
  const { version, inRecovery } = await serverFacts(client);
  return { major: version.major, standby: inRecovery };
}

interface Copied {
  manifest: ManifestWriter;
  control: ControlFile;
}

/** The files, and a manifest that lacks what the server gives at the end. */
async function copy(
  { command, directory, title }: CopyOnlineStep,
  spaces: CopiedTablespace[],
  folder: string,
  { major, standby }: Server,
  signal: AbortSignal,
  context: StepContext,
): Promise<Copied> {
  const onSkipped = (path: string): void => context.log('warning', skipped(path), 'copy');
  let done = 0;
  if (command !== null) {
    context.progress(null, title);
    await runCopyCommand(command, directory, folder, signal, context);
    for (const { from, to } of spaces) {
      await mkdir(to, { recursive: true, mode: 0o700 });
      await runCopyCommand(command, from, to, signal, context);
    }
    const copied = await controlOfCopy(folder);
    // Of the backup that the cluster itself was made from.
    await rm(join(folder, 'backup_manifest'), { force: true });
    const control = standby ? await copyControlAgain(directory, folder) : copied;
    for (const { to } of spaces) await stat(join(to, versionFolderOf(major, control)));
    return await listed(folder, control, major, async (manifest) => {
      const onBytes = (bytes: number): void => context.progress(null, title, (done += bytes));
      const versionFolder = versionFolderOf(major, control);
      await listCopy(folder, spaces, { manifest, versionFolder, signal, onBytes, onSkipped });
    });
  }
  const control = await readControlFile(directory);
  const common = { online: true, versionFolder: versionFolderOf(major, control), signal };
  const total = (await sourceBytes(directory, spaces, common)) || 1;
  const onBytes = (bytes: number): void =>
    context.progress(Math.min(1, (done += bytes) / total), title, done);
  return await listed(folder, control, major, async (manifest) => {
    await copyCluster(directory, folder, spaces, { ...common, manifest, onBytes, onSkipped });
  });
}

async function listed(
  folder: string,
  control: ControlFile,
  major: number,
  work: (manifest: ManifestWriter) => Promise<void>,
): Promise<Copied> {
  const path = join(folder, 'backup_manifest');
  const manifest = await ManifestWriter.create(path, control.systemIdentifier, major);
  try {
    await work(manifest);
    return { manifest, control };
  } catch (error) {
    await manifest.close();
    throw error;
  }
}

/** What a command said that it had copied. Throws `lowlevel.noCopy`. */
async function controlOfCopy(folder: string): Promise<ControlFile> {
  try {
    await readFile(join(folder, 'PG_VERSION'));
    await stat(join(folder, 'base/1'));
    return await readControlFile(folder);
  } catch (error) {
    throw new RestorePointError(
      {
        code: 'lowlevel.noCopy',
        what: l10n.t('The copy command ended well, and there is no data directory in "{0}".', folder),
        why: (error as Error).message,
        next: l10n.t(
          'Have it copy what is in %source into %target, which is there already and empty: rsync -a %source/ %target/',
        ),
        remedies: [{ do: 'showLog' }],
      },
      { cause: error },
    );
  }
}

/** Label and map as the server gave them, the manifest's end; the names of the WAL segments it needs. */
async function finishCopy(
  { lsn, label, map }: Stopped,
  { manifest, control }: Copied,
  folder: string,
  final: string,
): Promise<string[]> {
  await add(manifest, folder, 'backup_label', label);
  // Its links are to lead to the tablespaces of the copy, whoever starts it: never to those of the server.
  if (map) await add(manifest, folder, 'tablespace_map', mapBeside(map, tablespacesBeside(final)));
  const { startLsn: start, timeline } = parseBackupLabel(label);
  const range = { timeline, start, end: lsn };
  await manifest.finish([range]);
  return segmentsOf(range, control.walSegmentBytes) ?? [];
}

/** One line for each tablespace: its OID, and a path in which line ends and backslashes are escaped. */
function mapBeside(map: string, beside: string): string {
  const escaped = beside.replace(/[\\\n\r]/g, '\\$&');
  return map.replace(/^(\d+) (?:[^\\\n\r]|\\[^])+$/gm, (_line, oid: string) => `${oid} ${escaped}/${oid}`);
}

async function add(manifest: ManifestWriter, folder: string, path: string, text: string): Promise<void> {
  const content = Buffer.from(text, 'utf8');
  const full = join(folder, path);
  await writeFile(full, content, { flag: 'wx', mode: 0o600 });
  const file = await open(full, 'r+');
  await file.sync().finally(async () => await file.close());
  const digest = createDigest('CRC32C');
  digest.update(content);
  await manifest.add({ path, bytes: content.length, modified: new Date(), checksum: digest.digest() });
}

function sessionLost(cause: unknown): RestorePointError {
  return new RestorePointError(
    {
      code: 'lowlevel.sessionLost',
      what: l10n.t('The session that held the server in backup mode was lost: the copy is worth nothing.'),
      why: l10n.t('The server stopped, or ended the session, in the middle of the copy.'),
      next: l10n.t('Check that the server runs, and run the backup again.'),
      remedies: [{ do: 'retry' }],
    },
    { cause },
  );
}
