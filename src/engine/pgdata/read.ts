import { open, readdir, readFile, readlink, stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as l10n from '@vscode/l10n';
import { readTar } from '../archive/decoding';
import { controlBytes, parseControlFile, type ControlFile } from './control';
import { readEnds } from './ends';
import { unreadable } from './errors';
import { identifyBaseBackup, tarsOf } from './identify';
import {
  labelBytes,
  parseBackupLabel,
  parseTablespaceMap,
  type BackupLabel,
  type MappedTablespace,
} from './label';
import type { BaseFacts } from './types';

/** A `tablespace_map` with a line for each of very many. */
const mapBytes = 16 * 1024 * 1024;

/**
 * What a base backup says of itself, from its small files: of tar files only their first members are read, of the
 * manifest its two ends. Throws `pgdata.unreadable`, and what the file system throws.
 */
export async function readBaseFacts(
  folder: string,
  { signal }: { signal?: AbortSignal } = {},
): Promise<BaseFacts> {
  const found = await identifyBaseBackup(folder);
  if (!found) throw unreadable('backup_label', l10n.t('The folder holds no base backup.'));
  const ends = await readEnds(join(folder, 'backup_manifest'));
  const small = found.layout === 'plain' ? await smallFilesOf(folder) : await firstMembers(folder, signal);
  const control = small.control ? parseControlFile(small.control) : null;
  const label = small.label === null && control ? labelAtRest(control) : parseBackupLabel(small.label ?? '');
  const [last] = ends?.walRanges.filter(({ timeline }) => timeline === label.timeline).slice(-1) ?? [];
  return {
    ...found,
    label: label.label,
    startedAt: label.startedAt,
    startLsn: label.startLsn,
    stopLsn: last?.end ?? null,
    timeline: label.timeline,
    systemIdentifier: ends?.systemIdentifier ?? control?.systemIdentifier ?? null,
    major: small.version,
    from: label.from,
    incrementalFrom: label.incrementalFrom,
    tablespaces: small.tablespaces,
    walRanges: ends?.walRanges ?? [],
    hasManifest: ends !== null,
  };
}

/** The control file of a plain base backup or data directory. Throws `pgdata.unreadable`. */
export async function readControlFile(folder: string): Promise<ControlFile> {
  return parseControlFile(await head(join(folder, 'global/pg_control'), controlBytes));
}

/** The control file of any base backup; in tar files it comes last, so those are read to their end. */
export async function readBaseControl(
  folder: string,
  { signal, onBytes }: { signal?: AbortSignal; onBytes?: (read: number) => void } = {},
): Promise<ControlFile> {
  const base = tarsOf(await readdir(folder)).find(({ holds }) => holds === 'base');
  if (!base) return await readControlFile(folder);
  for await (const entry of readTar(join(folder, base.name), { signal, onBytes }))
    if (entry.kind === 'file' && entry.name === 'global/pg_control')
      return parseControlFile(await collect(entry.content(), 64 * 1024, entry.name));
  throw unreadable('global/pg_control', l10n.t('It is missing.'));
}

/** Major release of the server a base backup is of, by its `PG_VERSION`, which lies anywhere in a tar file. Null when it has none. */
export async function readMajor(
  folder: string,
  { signal }: { signal?: AbortSignal } = {},
): Promise<number | null> {
  const base = tarsOf(await readdir(folder)).find(({ holds }) => holds === 'base');
  const numberIn = (version: string): number | null => Number.parseInt(version, 10) || null;
  if (!base) return numberIn(await text(join(folder, 'PG_VERSION'), 64));
  for await (const entry of readTar(join(folder, base.name), { signal }))
    if (entry.kind === 'file' && entry.name === 'PG_VERSION')
      return numberIn((await collect(entry.content(), 64, entry.name)).toString('latin1'));
  return null;
}

/** Of a cluster that was shut down the control file says all that a label would. */
function labelAtRest(control: ControlFile): BackupLabel {
  return {
    startLsn: control.redo,
    checkpoint: control.checkpoint,
    method: '',
    from: control.state === 'shut down in recovery' ? 'standby' : 'primary',
    startedAt: `${control.modifiedAt.slice(0, 19).replace('T', ' ')} UTC`,
    label: '',
    timeline: control.timeline,
    incrementalFrom: null,
  };
}

interface SmallFiles {
  /** Null in a copy of a cluster that was shut down. */
  label: string | null;
  control: Buffer | null;
  tablespaces: MappedTablespace[];
  version: number | null;
}

async function smallFilesOf(folder: string): Promise<SmallFiles> {
  const map = await text(join(folder, 'tablespace_map'), mapBytes).catch(() => null);
  return {
    label: await text(join(folder, 'backup_label'), labelBytes).catch(whereMissing),
    control: await head(join(folder, 'global/pg_control'), controlBytes),
    // pg_basebackup leaves the map out of plain backups: there the links tell.
    tablespaces: map === null ? await linkedTablespaces(folder) : parseTablespaceMap(map),
    version: Number.parseInt(await text(join(folder, 'PG_VERSION'), 64), 10) || null,
  };
}

function whereMissing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}

/** The tablespaces of a plain backup by its links. */
export async function linkedTablespaces(folder: string): Promise<MappedTablespace[]> {
  const links = join(folder, 'pg_tblspc');
  const found: MappedTablespace[] = [];
  for (const name of (await readdir(links).catch(() => [])).filter((one) => /^\d+$/.test(one))) {
    const location = await readlink(join(links, name)).catch(() => null);
    if (location !== null) found.push({ oid: Number(name), location });
  }
  return found.sort((a, b) => a.oid - b.oid);
}

/** `backup_label` and `tablespace_map` stand first in a tar file (backup/basebackup.c). */
async function firstMembers(folder: string, signal: AbortSignal | undefined): Promise<SmallFiles> {
  const base = tarsOf(await readdir(folder)).find(({ holds }) => holds === 'base')!;
  let label: string | null = null;
  let tablespaces: MappedTablespace[] = [];
  for await (const entry of readTar(join(folder, base.name), { signal })) {
    if (entry.kind === 'file' && entry.name === 'backup_label')
      label = (await collect(entry.content(), labelBytes, entry.name)).toString('utf8');
    else if (entry.kind === 'file' && entry.name === 'tablespace_map')
      tablespaces = parseTablespaceMap(
        (await collect(entry.content(), mapBytes, entry.name)).toString('utf8'),
      );
    else break;
  }
  if (label === null)
    throw unreadable('backup_label', l10n.t('It is not the first file of "{0}".', base.name));
  return { label, control: null, tablespaces, version: null };
}

/** All of a small file's bytes. Throws `pgdata.unreadable` when it is larger than it can be. */
export async function collect(parts: AsyncIterable<Buffer>, most: number, name: string): Promise<Buffer> {
  const kept: Buffer[] = [];
  let size = 0;
  for await (const part of parts) {
    size += part.length;
    if (size > most) throw unreadable(name, l10n.t('It is larger than such a file can be.'));
    kept.push(Buffer.from(part));
  }
  return Buffer.concat(kept);
}

async function text(path: string, most: number): Promise<string> {
  if ((await stat(path)).size > most) throw unreadable(path, l10n.t('It is larger than such a file can be.'));
  return await readFile(path, 'utf8');
}

/** Up to `length` bytes of a file, from its beginning or from another place. */
export async function head(path: string, length: number, from = 0): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(length);
    const { bytesRead } = await file.read(buffer, 0, length, from);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
