import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readTar } from '../../archive/decoding';
import { readManifest } from '../../artifacts';
import type { BackupLevel } from '../../artifacts/types';
import {
  isSegmentName,
  readBackupManifest,
  readBaseFacts,
  readControlFile,
  segmentsOf,
  tarsOf,
  type BaseFacts,
  type ControlFile,
  type WalRange,
} from '../../pgdata/restoring';
import { parseWalName, WalFolder } from '../wal';
import { chainOf, childrenOf } from './chains';
import { readSetAt } from './read';
import type { BackupSet } from './types';

/** Files of one database, or of one of the server's folders. */
export interface SizeOf {
  /** Database's OID as text, or the folder. */
  key: string;
  /** Database's name, where our manifest recorded it. */
  name: string | null;
  files: number;
  bytes: number;
}

/** What is in a base backup. */
export interface BaseContents {
  path: string;
  set: BackupSet;
  facts: BaseFacts;
  /** Of plain backups; in tar files it stands at their end. */
  control: ControlFile | null;
  serverVersion: string | null;
  tablespaces: { oid: number; name: string | null; location: string; bytes: number }[];
  databases: SizeOf[];
  /** What belongs to no database: `global`, `pg_xact`, … */
  shared: SizeOf[];
  files: number;
  /** Of all files as the manifest lists them. */
  bytes: number;
  largest: { path: string; bytes: number }[];
  chain: { id: string; level: BackupLevel; where: string }[];
  /** Id of the parent that is not there. */
  missing: string | null;
  /** Backups that were taken against this one. */
  children: string[];
  wal: {
    ranges: WalRange[];
    needed: string[];
    /** Whether all of them lie in the backup; null where that is not known without reading all of it. */
    present: boolean | null;
    /** Whether all of them lie in the WAL archive that was named; null where none was. */
    archived: boolean | null;
  };
}

const mostLargest = 20;

/**
 * Looks into a base backup: its label and manifest are read, no other file's content.
 *
 * @param options.wal folder of the WAL archive of its cluster
 * @throws `pgdata.unreadable`, `artifact.noBaseBackup`, what reading the archive's folder throws
 */
export async function baseContents(
  path: string,
  { signal, wal }: { signal?: AbortSignal; wal?: string } = {},
): Promise<BaseContents> {
  const { set, sets } = await readSetAt(path, { signal });
  const facts = await readBaseFacts(set.where, { signal });
  const manifest = await readManifest(set.where);
  const { members, missing } = chainOf(set, sets);
  const sums = new Sums();
  const listed = facts.hasManifest
    ? await readBackupManifest(
        createReadStream(join(set.where, 'backup_manifest')),
        (file) => sums.add(file),
        { signal },
      )
    : null;
  const names = new Map(manifest?.base?.databases.map(({ oid, name }) => [String(oid), name]));
  const spaces = new Map(manifest?.base?.tablespaces.map((space) => [space.oid, space]));
  const control = facts.layout === 'plain' ? await readControlFile(set.where) : null;
  return {
    path: set.where,
    set,
    facts,
    control,
    serverVersion: manifest?.source.serverVersion ?? (facts.major === null ? null : String(facts.major)),
    tablespaces: facts.tablespaces.map(({ oid, location }) => ({
      oid,
      name: spaces.get(oid)?.name ?? null,
      // Of a plain backup the links lead to where it was mapped; ours remembers where it was.
      location: spaces.get(oid)?.location ?? location,
      bytes: sums.tablespaces.get(oid) ?? 0,
    })),
    databases: sorted(sums.databases).map((size) => ({ ...size, name: names.get(size.key) ?? null })),
    shared: sorted(sums.shared),
    files: listed?.files ?? 0,
    bytes: listed?.bytes ?? 0,
    largest: sums.largest,
    chain: members.map(({ id, level, where }) => ({ id, level, where })),
    missing,
    children: childrenOf(set, sets).map(({ where }) => where),
    wal: await walOf(set.where, facts, control, wal),
  };
}

async function walOf(
  folder: string,
  { walRanges: ranges, layout }: BaseFacts,
  control: ControlFile | null,
  archive: string | undefined,
): Promise<BaseContents['wal']> {
  const found = new Map<string, number>();
  const names = await readdir(layout === 'plain' ? join(folder, 'pg_wal') : folder).catch(() => []);
  const tar = layout === 'tar' ? tarsOf(names).find(({ holds }) => holds === 'wal') : undefined;
  if (layout === 'plain') for (const name of names.filter(isSegmentName)) found.set(name, 0);
  if (tar)
    for await (const { name, size } of readTar(join(folder, tar.name)))
      if (isSegmentName(name)) found.set(name, size);
  const [size] = found.values();
  const segmentBytes = control?.walSegmentBytes ?? (size || 16 * 1024 * 1024);
  const needed = ranges.flatMap((range) => segmentsOf(range, segmentBytes) ?? []);
  const known = layout === 'plain' || tar !== undefined;
  const archived = archive === undefined ? null : await segmentsIn(archive);
  return {
    ranges,
    needed,
    present: known && ranges.length > 0 ? needed.every((name) => found.has(name)) : null,
    archived: archived && needed.length > 0 ? needed.every((name) => archived.has(name)) : null,
  };
}

async function segmentsIn(archive: string): Promise<Set<string>> {
  const names = new Set<string>();
  for (const file of await new WalFolder(archive).list()) {
    const name = parseWalName(file.name);
    if (name?.kind === 'segment' && !name.partial) names.add(name.base);
  }
  return names;
}

function sorted(sizes: Map<string, SizeOf>): SizeOf[] {
  return [...sizes.values()].sort((a, b) => b.bytes - a.bytes || a.key.localeCompare(b.key));
}

/** Adds up a manifest's files by what they belong to; keeps the largest. */
class Sums {
  readonly databases = new Map<string, SizeOf>();
  readonly shared = new Map<string, SizeOf>();
  readonly tablespaces = new Map<number, number>();
  readonly largest: { path: string; bytes: number }[] = [];

  add({ path, bytes }: { path: string; bytes: number }): void {
    const [, space, database] = /^(?:base|pg_tblspc\/(\d+)\/[^/]+)\/(\d+)\//.exec(path) ?? [];
    if (space !== undefined)
      this.tablespaces.set(Number(space), (this.tablespaces.get(Number(space)) ?? 0) + bytes);
    if (database !== undefined) count(this.databases, database, bytes);
    else count(this.shared, path.includes('/') ? path.slice(0, path.indexOf('/')) : '.', bytes);
    if (this.largest.length === mostLargest && bytes <= this.largest.at(-1)!.bytes) return;
    this.largest.push({ path, bytes });
    this.largest.sort((a, b) => b.bytes - a.bytes);
    if (this.largest.length > mostLargest) this.largest.pop();
  }
}

/** More databases or folders than these are one. */
const mostSizes = 100_000;

function count(sizes: Map<string, SizeOf>, wanted: string, bytes: number): void {
  const key = sizes.has(wanted) || sizes.size < mostSizes ? wanted : '…';
  const size = sizes.get(key) ?? { key, name: null, files: 0, bytes: 0 };
  size.files++;
  size.bytes += bytes;
  sizes.set(key, size);
}
