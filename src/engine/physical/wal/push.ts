import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import * as l10n from '@vscode/l10n';
import { isCancelled, RestorePointError } from '../../errors';
import { explainFileError } from '../../fileFailure';
import { syncFile, syncFolder } from '../../sync';
import { available, encode, pieceOf, type WalCompression } from './encode';
import { isSame, storedFiles } from './existing';
import { WalFolder, cannotBeRead } from './folder';
import { LONG_HEADER, headerFault, parseHeader } from './header';
import { identityFor } from './identity';
import { parseWalName, suffixOf, type WalName } from './names';
import { isSegmentSize } from './segments';
import { clearStale, ownFolder, putFile } from './store';

export interface PushOptions {
  /** Folder of the archive; it must be there: where a disk is not mounted, nothing is written in its place. */
  to: string;
  compression: WalCompression;
  signal?: AbortSignal;
}

/** What came of archiving one file. */
export interface Pushed {
  /** Path in the archive. */
  file: string;
  compression: WalCompression;
  /** As stored. */
  bytes: number;
  /** It was there, with the same content. */
  already: boolean;
}

/**
 * Archives one file of pg_wal for `archive_command` (manual: Continuous Archiving): when this returns, the file is on the disk
 * under its own name. Histories are stored as they are.
 *
 * @throws `wal.name` for a file that is no WAL, `wal.noArchive`, `wal.foreign` for another cluster's, `wal.broken` for a file
 * that is no whole segment, `wal.different` when the archive has the name with other content, `disk.full`, `file.io`
 */
export async function pushWal(path: string, options: PushOptions): Promise<Pushed> {
  const { to: archive, signal } = options;
  const name = parseWalName(basename(path));
  if (!name || name.base !== basename(path)) throw notWal(path);
  mustBeFolder(archive);
  try {
    const file = openSync(path, 'r');
    try {
      const { size } = fstatSync(file);
      if (name.kind === 'segment') await checkSegment(file, size, path, name, archive);
      clearStale(ownFolder(archive), Date.now());
      const compression = name.kind === 'segment' ? available(options.compression) : 'none';
      return (
        (await alreadyThere(file, name, archive)) ??
        (await store(file, size, name, { archive, compression, signal }))
      );
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw isCancelled(error) ? error : explainFileError(error, archive);
  }
}

function mustBeFolder(archive: string): void {
  try {
    if (statSync(archive).isDirectory()) return;
  } catch (error) {
    throw cannotBeRead(archive, error as NodeJS.ErrnoException);
  }
  throw cannotBeRead(archive, Object.assign(new Error(l10n.t('It is no folder.')), { code: 'ENOTDIR' }));
}

/** A segment must be whole, fit its name, and be of the archive's cluster. */
async function checkSegment(
  file: number,
  size: number,
  path: string,
  name: Extract<WalName, { kind: 'segment' }>,
  archive: string,
): Promise<void> {
  const head = Buffer.alloc(LONG_HEADER);
  const header = parseHeader(head.subarray(0, readSync(file, head, 0, LONG_HEADER, 0)));
  if (!header) throw broken(path, l10n.t('It does not begin as a segment of WAL does.'));
  if (size !== header.segmentBytes || !isSegmentSize(size))
    throw broken(path, l10n.t('It has {0} bytes; a segment has {1}.', size, header.segmentBytes));
  const identity = await identityFor(archive, header);
  const wrong = headerFault(path, name, header, identity);
  if (wrong?.kind === 'foreign' || wrong?.kind === 'size')
    throw new RestorePointError({
      code: 'wal.foreign',
      what: l10n.t('The archive "{0}" is of another cluster than {1}.', archive, path),
      why: wrong.what,
      next: l10n.t('Give each cluster a folder of its own: change archive_command.'),
    });
  if (wrong) throw broken(path, wrong.what);
}

/** The file that has this content already; null when the name is free. */
async function alreadyThere(file: number, name: WalName, archive: string): Promise<Pushed | null> {
  const source = new WalFolder(archive);
  for (const stored of storedFiles(archive, name.base)) {
    const path = join(archive, stored.path);
    if (!(await isSame(source, stored, pieces(file, pieceOf('none'))))) throw different(path);
    // The server asks again when it did not hear that it was done: then it may not be on the disk yet.
    await syncFile(path);
    await syncFolder(archive);
    const compression = parseWalName(stored.name)?.compression;
    return {
      file: path,
      bytes: stored.bytes,
      already: true,
      compression: compression === 'zstd' || compression === 'gzip' ? compression : 'none',
    };
  }
  return null;
}

async function store(
  file: number,
  size: number,
  name: WalName,
  options: { archive: string; compression: WalCompression; signal?: AbortSignal | undefined },
): Promise<Pushed> {
  const { archive, compression, signal } = options;
  const path = join(archive, name.base + suffixOf(compression));
  const bytes = await putFile(archive, path, encoded(file, size, compression), signal);
  if (bytes !== null) return { file: path, compression, bytes, already: false };
  // Another process was faster.
  const there = await alreadyThere(file, name, archive);
  if (there) return there;
  throw different(path);
}

/** What is stored of a file that has, and keeps, this size. */
function* encoded(file: number, size: number, compression: WalCompression): Generator<Buffer> {
  let read = 0;
  for (const piece of pieces(file, Math.min(size, pieceOf(compression)))) {
    read += piece.length;
    yield encode(compression, piece);
  }
  if (read !== size)
    throw new Error(l10n.t('The file changed while it was read: {0} of {1} bytes.', read, size));
}

/** The whole file from its beginning, in pieces of at most this length. Each is over when the next is asked for. */
function* pieces(file: number, most: number): Generator<Buffer> {
  const length = Math.max(most, 1);
  const piece = Buffer.allocUnsafeSlow(length);
  for (let at = 0; ; at += length) {
    let filled = 0;
    for (let read = -1; read !== 0 && filled < length; filled += read)
      read = readSync(file, piece, filled, length - filled, at + filled);
    if (filled > 0) yield piece.subarray(0, filled);
    if (filled < length) return;
  }
}

function notWal(path: string): RestorePointError {
  return new RestorePointError({
    code: 'wal.name',
    what: l10n.t('"{0}" is no file of WAL.', path),
    why: l10n.t(
      'Archived are segments (24 hexadecimal digits), also .partial ones, timeline histories and backup histories.',
    ),
    next: l10n.t('Let the server fill in the path: restore-point wal push %p --to FOLDER.'),
  });
}

function broken(path: string, why: string): RestorePointError {
  return new RestorePointError({
    code: 'wal.broken',
    what: l10n.t('{0} is no whole segment of WAL, and is not archived.', path),
    why,
    next: l10n.t('Look at the server’s log and disk; take a new base backup once archiving goes on.'),
  });
}

function different(path: string): RestorePointError {
  return new RestorePointError({
    code: 'wal.different',
    what: l10n.t('The archive has "{0}" already, with other content. Nothing was overwritten.', path),
    why: l10n.t(
      'Two servers archive into the same folder, or a server was set back to an older state without a new timeline.',
    ),
    next: l10n.t(
      'Give each server a folder of its own; keep the file that is there until you know whose it is.',
    ),
  });
}
