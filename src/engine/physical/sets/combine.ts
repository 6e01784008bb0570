import { readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import * as l10n from '@vscode/l10n';
import { partialPath } from '../../artifacts';
import { RestorePointError } from '../../errors';
import {
  linkedTablespaces,
  readBaseFacts,
  tablespaceFolder,
  tablespacesBeside,
  tarsOf,
} from '../../pgdata/restoring';
import type { PlacedTablespace, Step } from '../../plan';
import { toArguments, type Answers } from '../../tools';
import type { ClientBuild } from '../../tools/types';
import type { BackupSet, Chain, CopyWay } from './types';

export interface CombineRequest {
  chain: Chain;
  /** The new data directory, `….partial`. */
  folder: string;
  tablespaces: PlacedTablespace[];
  build: ClientBuild;
  way: CopyWay;
  /** Where backups that have to be unpacked first go, `….partial`. */
  stage: string;
  options?: Answers;
}

/**
 * The steps that make a full data directory of a chain: tar files are unpacked first (pg_combinebackup reads folders only),
 * every backup is checked against its manifest, then all are combined.
 */
export async function combineSteps(request: CombineRequest): Promise<Step[]> {
  const { chain, folder, tablespaces, build, way, stage, options = {} } = request;
  const steps: Step[] = [];
  const inputs: { path: string; spaces: Map<number, string> }[] = [];
  for (const [i, set] of chain.members.entries()) {
    const spaces = await usableLinks(set);
    if (spaces) {
      steps.push(checkStep(set, set.where));
      inputs.push({ path: set.where, spaces });
      continue;
    }
    const path = join(stage, String(i));
    const placed = (await readBaseFacts(set.where)).tablespaces.map(({ oid }) => {
      const one = join(tablespacesBeside(path), String(oid));
      return { oid, folder: one, final: one };
    });
    steps.push(
      {
        do: 'placeBackup',
        title: l10n.t('Unpack the {0} backup of {1}', set.level, time(set)),
        weight: set.bytes,
        from: set.where,
        folder: path,
        tablespaces: placed,
      },
      checkStep(set, path),
    );
    inputs.push({ path, spaces: new Map(placed.map((space) => [space.oid, space.folder])) });
  }
  const last = inputs.at(-1)!;
  const args = toArguments('pg_combinebackup', build.version, {
    ...options,
    ...(way === 'copy' ? {} : { [way]: true }),
    'tablespace-mapping': tablespaces.map(
      ({ oid, folder: to }) => `${escaped(last.spaces.get(oid) ?? '')}=${escaped(to)}`,
    ),
  });
  return [
    ...steps,
    {
      do: 'tool',
      title: l10n.t('Combine {0} backups', inputs.length),
      weight: chain.members.reduce((sum, { bytes }) => sum + bytes, 0),
      tool: 'pg_combinebackup',
      build,
      args: [`--output=${folder}`, ...args, ...inputs.map(({ path }) => path)],
      writes: folder,
      alsoWrites: [stage, ...tablespaces.map((space) => space.folder)],
      dialect: 'pg_combinebackup',
    },
    { do: 'discard', title: l10n.t('Take away what was unpacked'), weight: 1, folder: stage },
  ];
}

/** pg_combinebackup of the very release the backups are of; it takes no other. Throws `tool.missing`. */
export function combinerFor({ major }: BackupSet, builds: readonly ClientBuild[]): ClientBuild {
  const build = builds.find(
    ({ prefix, version, tools }) =>
      !prefix?.length && version.major === major && tools.includes('pg_combinebackup'),
  );
  if (build) return build;
  throw new RestorePointError({
    code: 'tool.missing',
    what: l10n.t('pg_combinebackup {0} was not found.', major ?? ''),
    why: l10n.t('Incremental backups are put together by the program of their own major release.'),
    next: l10n.t('Install PostgreSQL {0}, or add the folder its programs are in.', major ?? ''),
    remedies: [{ do: 'installTools', with: { major: String(major ?? '') } }, { do: 'addToolFolder' }],
  });
}

/** The tablespaces of a plain backup, if its links lead to where those are; null for what has to be placed anew. */
async function usableLinks({ where }: BackupSet): Promise<Map<number, string> | null> {
  if (tarsOf(await readdir(where)).length > 0) return null;
  const spaces = new Map<number, string>();
  for (const { oid } of await linkedTablespaces(where)) {
    const link = await readlink(join(where, 'pg_tblspc', String(oid)));
    if ((await tablespaceFolder(where, oid)) !== link) return null;
    spaces.set(oid, link);
  }
  return spaces;
}

function checkStep(set: BackupSet, folder: string): Step {
  return {
    do: 'checkBackup',
    title: l10n.t('Check the {0} backup of {1}', set.level, time(set)),
    weight: Math.round(set.bytes / 4),
    folder,
    wal: false,
  };
}

function time({ startedAt }: BackupSet): string {
  return startedAt.slice(0, 16).replace('T', ' ');
}

function escaped(folder: string): string {
  return folder.replaceAll('=', '\\=');
}

/** Where the tablespaces of a new data directory lie while it is made, and in the end. */
export function placedBeside(final: string, oids: readonly number[]): PlacedTablespace[] {
  const beside = tablespacesBeside(final);
  return oids.map((oid) => ({
    oid,
    folder: join(partialPath(beside), String(oid)),
    final: join(beside, String(oid)),
  }));
}
