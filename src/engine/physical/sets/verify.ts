import { readdir } from 'node:fs/promises';
import { basename } from 'node:path';
import * as l10n from '@vscode/l10n';
import {
  compareFiles,
  readManifest,
  recordEvidence,
  verifiedRows,
  type Evidence,
  type Verified,
} from '../../artifacts';
import { CancelledError } from '../../errors';
import { checkBaseBackup, tarsOf, type BaseFault } from '../../pgdata/restoring';
import { runTool } from '../../tools';
import type { ClientBuild } from '../../tools/types';
import { chainOf } from './chains';
import { readSetAt } from './read';
import type { BackupSet } from './types';

export interface VerifyBaseOptions {
  signal?: AbortSignal;
  /** 0 … 1. */
  onProgress?: (fraction: number) => void;
  /** Whose pg_verifybackup may read the WAL of plain backups. */
  builds?: readonly ClientBuild[];
  /** Further folders that parents may lie in. */
  places?: string[];
}

/** What a verification of a base backup found. */
export interface VerifiedBase extends Verified {
  /** Of this backup, compared with its `backup_manifest`. */
  files: number;
  bytes: number;
  /** WAL segments that are needed and were looked for. */
  wal: string[];
  /** Paths of the backups that were checked, the full one first. */
  chain: string[];
  /** Programs of PostgreSQL that looked, too. */
  tools: string[];
}

const keptFaults = 100;

/**
 * Checks a base backup and keeps the result as its evidence. `checksum`: every file of it against its `backup_manifest`
 * (and the WAL that a backup of ours brings against our manifest). `contents`: its chain to the full backup, too, the
 * WAL that its recovery needs at least, and what pg_verifybackup says of that WAL where it is there.
 */
export async function verifyBaseBackup(
  path: string,
  level: 'checksum' | 'contents',
  options: VerifyBaseOptions = {},
): Promise<VerifiedBase> {
  const { signal, onProgress, places } = options;
  const began = performance.now();
  const { set, sets } = await readSetAt(path, { signal, places });
  const { members, missing } = chainOf(set, sets);
  const chain = level === 'contents' ? members : [set];
  const faults: BaseFault[] = [];
  const total = chain.reduce((sum, { bytes }) => sum + bytes, 0) || 1;
  let done = 0;
  const found: VerifiedBase = {
    ...{ level, ok: true, at: '', tables: [] },
    ...{ files: 0, bytes: 0, wal: [], chain: chain.map(({ where }) => where), tools: [] },
  };
  for (const member of chain) {
    const own = member.where === set.where;
    const named = own ? (fault: BaseFault) => fault : inParent(member);
    const checked = await checkBaseBackup(member.where, {
      wal: own && level === 'contents' && (await bringsWal(member)),
      signal,
      onProgress: (fraction) => onProgress?.((done + fraction * member.bytes) / total),
    });
    faults.push(...checked.faults.map(named), ...(await sumsOf(member, signal)).map(named));
    if (own) Object.assign(found, { files: checked.files, bytes: checked.bytes, wal: checked.neededWal });
    done += member.bytes;
  }
  if (level === 'contents' && missing !== null)
    faults.push({
      what: l10n.t('the backup {0}, which it needs, is missing', missing),
      entry: null,
      offset: null,
    });
  if (level === 'contents' && faults.length === 0) {
    const said = await readWal(set, options);
    found.tools = said.tools;
    faults.push(...said.faults);
  }
  if (signal?.aborted) throw new CancelledError();
  const evidence: Evidence = {
    level,
    ok: faults.length === 0,
    at: new Date().toISOString(),
    durationMs: Math.round(performance.now() - began),
    ...(faults.length ? { faults: faults.slice(0, keptFaults) } : {}),
  };
  // What a rehearsal counted stays.
  await recordEvidence(set.where, evidence, await verifiedRows(set.where));
  onProgress?.(1);
  return { ...found, ...evidence };
}

function inParent({ where }: BackupSet): (fault: BaseFault) => BaseFault {
  return ({ what, entry, offset }) => ({ what, entry: `${basename(where)}: ${entry ?? ''}`, offset });
}

/** Backups without their WAL need an archive, which has checks of its own. */
export async function bringsWal({ where }: BackupSet): Promise<boolean> {
  const manifest = await readManifest(where);
  if (manifest?.base) return manifest.base.walMethod !== 'none';
  const names = await readdir(where);
  // WAL that was fetched lies among the other files of the tar file.
  return tarsOf(names).length === 0 || tarsOf(names).some(({ holds }) => holds === 'wal');
}

/** What the server's manifest does not have is in ours. */
async function sumsOf({ where }: BackupSet, signal?: AbortSignal): Promise<BaseFault[]> {
  const manifest = await readManifest(where);
  return manifest ? await compareFiles(where, manifest, signal, () => {}) : [];
}

/** Has pg_verifybackup read the WAL record by record; our own check looks at the segments' headers. */
async function readWal(
  set: BackupSet,
  { builds = [], signal }: VerifyBaseOptions,
): Promise<{ tools: string[]; faults: BaseFault[] }> {
  const none = { tools: [], faults: [] };
  if (tarsOf(await readdir(set.where)).length > 0 || !(await bringsWal(set))) return none;
  const build = builds.find(
    ({ prefix, tools, version }) =>
      !prefix?.length &&
      version.major === set.major &&
      tools.includes('pg_verifybackup') &&
      tools.includes('pg_waldump'),
  );
  if (!build) return none;
  const { exitCode, stderrTail } = await runTool({
    build,
    tool: 'pg_verifybackup',
    // The files were read just now.
    args: ['--skip-checksums', '--quiet', set.where],
    signal,
  });
  const tools = [`pg_verifybackup ${build.version.text}`];
  const said = stderrTail.split('\n').filter((line) => /error|fatal/.test(line));
  return {
    tools,
    faults: exitCode === 0 ? [] : said.map((what) => ({ what, entry: 'pg_wal', offset: null })),
  };
}
