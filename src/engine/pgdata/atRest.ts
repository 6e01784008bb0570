import { copyFile, readdir, readFile, readlink, realpath, stat } from 'node:fs/promises';
import { constants } from 'node:fs';
import { join } from 'node:path';
import * as l10n from '@vscode/l10n';
import { processStartTicks } from '../process';
import { syncFile } from '../sync';
import type { ControlFile } from './control';
import { unreadable } from './errors';
import { formatLsn, parseLsn, segmentName } from './lsn';
import { head, readControlFile } from './read';
import type { WalRange } from './types';
import { isSegmentName, segmentHeadBytes } from './wal';

/** How a cluster on this machine lies there. */
export interface ClusterState {
  control: ControlFile;
  /** Major release, by `PG_VERSION`. */
  major: number;
  /** Process id of its server; null when none runs. */
  server: number | null;
  /** Shut down as it should be: the files alone are the whole cluster. */
  atRest: boolean;
}

/** Looks at a data directory. Throws `pgdata.unreadable`, and what the file system throws. */
export async function readClusterState(folder: string): Promise<ClusterState> {
  // The server first: one that starts in between is seen by the control file.
  const server = await serverOf(folder);
  const control = await readControlFile(folder);
  const major = Number.parseInt(await readFile(join(folder, 'PG_VERSION'), 'latin1'), 10);
  if (!Number.isInteger(major)) throw unreadable('PG_VERSION', l10n.t('It is no number.'));
  const isDown = control.state === 'shut down' || control.state === 'shut down in recovery';
  return { control, major, server, atRest: server === null && isDown };
}

/** By `postmaster.pid`, whose first line is the process (utils/pidfile.h). One that was left by a crash names nobody, or another. */
async function serverOf(folder: string): Promise<number | null> {
  const text = await readFile(join(folder, 'postmaster.pid'), 'latin1').catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '';
      throw error;
    },
  );
  const pid = Math.abs(Number.parseInt(text, 10));
  if (!Number.isInteger(pid) || pid < 2 || processStartTicks(pid) === null) return null;
  // A server works in its data directory. Where that cannot be seen, it may be one.
  const place = await readlink(`/proc/${pid}/cwd`).catch(() => null);
  return place === null || place === (await realpath(folder)) ? pid : null;
}

/** `PG_15_202209061`: the folder of a cluster in its tablespaces (catalog/catalog.h, TABLESPACE_VERSION_DIRECTORY). */
export function versionFolder(major: number, { catalogVersion }: ControlFile): string {
  return `PG_${major}_${catalogVersion}`;
}

const align = (bytes: bigint): bigint => (bytes + 7n) & ~7n;
/** access/xlogrecord.h: the fixed part of a record; access/xlog_internal.h: the header of a page that is not a segment's first. */
const recordHeadBytes = 24;
const pageHeadBytes = 24n;
/** A checkpoint's record is a little over 100 bytes. */
const longestCheckpoint = 4096;

/**
 * The WAL that a cluster needs which was shut down: from where its last checkpoint began to where the record of that ends, of
 * a standby at least to where it had come. Throws `pgdata.unreadable` when that record is not there.
 */
export async function walAtRest(folder: string, control: ControlFile): Promise<WalRange> {
  const { walSegmentBytes, timeline } = control;
  const at = parseLsn(control.checkpoint)!;
  const name = segmentName(timeline, at, walSegmentBytes);
  const path = join(folder, 'pg_wal', name);
  const refuse = (why: string): Error => unreadable(`pg_wal/${name}`, why);
  const begin = await head(path, segmentHeadBytes).catch(() => null);
  if (begin?.length !== segmentHeadBytes)
    throw refuse(l10n.t('It holds the last checkpoint, and is not there.'));
  // XLogLongPageHeaderData: the size of its pages.
  const pageBytes = BigInt(begin.readUInt32LE(36));
  const offset = Number(at % BigInt(walSegmentBytes));
  const record = await head(path, recordHeadBytes, offset);
  const length = record.length === recordHeadBytes ? record.readUInt32LE(0) : 0;
  // xl_rmid: 0 is the log's own.
  if (pageBytes < 1024n || length <= recordHeadBytes || length > longestCheckpoint || record[17] !== 0)
    throw refuse(l10n.t('It has no checkpoint where the control file says.'));
  const left = pageBytes - (at % pageBytes);
  const end = align(at + BigInt(length) + (BigInt(length) > left ? pageHeadBytes : 0n));
  const reached = parseLsn(control.minRecovery) ?? 0n;
  return { timeline, start: control.redo, end: formatLsn(reached > end ? reached : end) };
}

/** Copies the segments of a range, whatever their timeline, and all histories. */
export async function copyWalAtRest(
  from: string,
  to: string,
  { start, end }: WalRange,
  { walSegmentBytes }: ControlFile,
): Promise<void> {
  const place = (lsn: string): string => segmentName(0, parseLsn(lsn)!, walSegmentBytes).slice(8);
  const [first, last] = [place(start), place(end)];
  for (const name of await readdir(join(from, 'pg_wal'))) {
    const number = name.slice(8);
    const isNeeded = isSegmentName(name) && number >= first && number <= last;
    if (!isNeeded && !/^[0-9A-F]{8}\.history$/.test(name)) continue;
    const source = join(from, 'pg_wal', name);
    if (!(await stat(source)).isFile()) continue;
    await copyFile(source, join(to, 'pg_wal', name), constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    await syncFile(join(to, 'pg_wal', name));
  }
}
