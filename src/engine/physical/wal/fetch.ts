import { open, opendir, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import * as l10n from '@vscode/l10n';
import { isCancelled, RestorePointError } from '../../errors';
import { explainFileError } from '../../fileFailure';
import { endsEarly } from './check';
import { CompressionError, openDecoded } from './decoded';
import { storedFiles } from './existing';
import { WalFolder, cannotBeRead } from './folder';
import { knownIdentity } from './identity';
import { SegmentInspector } from './inspect';
import { parseWalName, type WalName } from './names';
import { segmentName, segmentNumber } from './segments';
import type { WalFault, WalFile } from './types';

export interface FetchOptions {
  /** Folder of the archive. */
  from: string;
  /** Every page and record is checked; without, how it begins and its length. */
  pages?: boolean;
  signal?: AbortSignal;
}

export interface Fetched {
  /** Path in the archive. */
  file: string;
  /** Decompressed. */
  bytes: number;
}

/**
 * Brings one file back for `restore_command` (manual: Recovering Using a Continuous Archive Backup). It is at `to` wholly, or
 * not at all. Segments are checked while they are copied: the server takes the first thing in a segment that it cannot
 * read for the end of the WAL, and would end the recovery there without a word.
 *
 * @returns null when the archive does not have it: for the server, the normal end
 * @throws `wal.damaged`, `wal.noArchive` (also for a folder without any WAL: something is not mounted), `wal.name`
 */
export async function fetchWal(name: string, to: string, options: FetchOptions): Promise<Fetched | null> {
  const { from: archive } = options;
  const wanted = parseWalName(name);
  if (!wanted || wanted.base !== name || (wanted.kind === 'segment' && wanted.partial)) throw notWal(name);
  try {
    const files = storedFiles(archive, name);
    if (!files.length) {
      await mustBeArchive(archive);
      return null;
    }
    const damages: WalFault[] = [];
    for (const file of files) {
      const faults = await copy(file, wanted, to, options);
      if (!faults.length) return { file: join(archive, file.path), bytes: file.bytes };
      damages.push(...faults);
    }
    throw damaged(archive, damages);
  } catch (error) {
    throw isCancelled(error) ? error : explainFileError(error, archive);
  }
}

/** Copies a file, and says what is wrong with it; where anything is, nothing is at `to`. */
async function copy(file: WalFile, wanted: WalName, to: string, options: FetchOptions): Promise<WalFault[]> {
  const temporary = `${to}.restore-point`;
  try {
    const target = await open(temporary, 'w', 0o600);
    let faults: WalFault[];
    try {
      faults = await transfer(file, wanted, target, to, options);
    } finally {
      await target.close();
    }
    if (!faults.length) await rename(temporary, to);
    return faults;
  } finally {
    await rm(temporary, { force: true });
  }
}

async function transfer(
  file: WalFile,
  wanted: WalName,
  target: FileHandle,
  to: string,
  { from: archive, pages = true, signal }: FetchOptions,
): Promise<WalFault[]> {
  const inspector = wanted.kind === 'segment' ? await inspectorFor(archive, to, pages) : null;
  if (wanted.kind === 'segment') inspector?.begin(file.path, wanted);
  try {
    const { parts } = await openDecoded(new WalFolder(archive), file, signal ? { signal } : {});
    for await (const part of parts) {
      inspector?.take(part);
      await writeAll(target, part, to);
    }
  } catch (error) {
    if (error instanceof CompressionError) return [unreadable(file, error)];
    throw error;
  }
  const found = inspector?.finish();
  const faults = found?.faults.filter(({ harmless }) => !harmless) ?? [];
  if (found?.end === 'early' && found.endLsn !== null && (await isFollowed(archive, wanted, found.bytes)))
    faults.push(endsEarly(file.path, found.endLsn));
  return faults;
}

async function writeAll(target: FileHandle, part: Buffer, path: string): Promise<void> {
  try {
    for (let at = 0; at < part.length;) at += (await target.write(part, at)).bytesWritten;
  } catch (error) {
    throw explainFileError(error, path);
  }
}

async function inspectorFor(archive: string, to: string, pages: boolean): Promise<SegmentInspector> {
  const identity = knownIdentity(archive);
  const own = await clusterAt(dirname(dirname(resolve(to))));
  return new SegmentInspector({
    pages,
    systemIdentifier: own ?? identity?.systemIdentifier ?? null,
    segmentBytes: identity?.segmentBytes ?? null,
  });
}

/** The system identifier of the cluster in a data directory: what its control file begins with (pg_control.h). */
async function clusterAt(dataDirectory: string): Promise<string | null> {
  try {
    const file = await open(join(dataDirectory, 'global', 'pg_control'), 'r');
    try {
      const head = Buffer.alloc(8);
      const { bytesRead } = await file.read(head, 0, 8, 0);
      return bytesRead === 8 ? head.readBigUInt64LE().toString() : null;
    } finally {
      await file.close();
    }
  } catch {
    return null;
  }
}

async function isFollowed(archive: string, name: WalName, segmentBytes: number): Promise<boolean> {
  const number = name.kind === 'segment' ? segmentNumber(name, segmentBytes) : null;
  if (number === null) return false;
  return storedFiles(archive, segmentName(name.timeline, number + 1, segmentBytes)).length > 0;
}

/** A folder in which there is nothing of WAL is where an archive should be, but not one. */
async function mustBeArchive(archive: string): Promise<void> {
  if (knownIdentity(archive)) return;
  try {
    for await (const entry of await opendir(archive))
      if (parseWalName(entry.name) || (entry.isDirectory() && /^[0-9A-F]{16}$/.test(entry.name))) return;
  } catch (error) {
    throw cannotBeRead(archive, error as NodeJS.ErrnoException);
  }
  throw new RestorePointError({
    code: 'wal.noArchive',
    what: l10n.t('The folder "{0}" is no archive of WAL.', archive),
    why: l10n.t('There is no file of WAL in it.'),
    next: l10n.t('Mount what it lies on, or correct restore_command.'),
  });
}

function unreadable(file: WalFile, { message }: Error): WalFault {
  return { file: file.path, kind: 'unreadable', offset: null, lsn: null, what: message };
}

function damaged(archive: string, faults: WalFault[]): RestorePointError {
  return new RestorePointError({
    code: 'wal.damaged',
    what: l10n.t('{0} in the archive "{1}" is damaged.', faults[0]!.file, archive),
    why: faults.map(({ file, what, lsn }) => `${file}: ${what}${lsn ? ` (${lsn})` : ''}`).join('\n'),
    next: l10n.t(
      'Bring the file back from another copy. To recover only up to the damage, set a target before it.',
    ),
  });
}

function notWal(name: string): RestorePointError {
  return new RestorePointError({
    code: 'wal.name',
    what: l10n.t('"{0}" is no name of a file of WAL.', name),
    why: l10n.t('A recovery asks for segments (24 hexadecimal digits) and timeline histories.'),
    next: l10n.t('Let the server fill in the names: restore-point wal fetch %f %p --from FOLDER.'),
  });
}
