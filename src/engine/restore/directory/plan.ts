import { createReadStream } from 'node:fs';
import { lstat, readdir, stat, statfs } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import * as l10n from '@vscode/l10n';
import { partialPath, readManifest } from '../../artifacts';
import { RestorePointError } from '../../errors';
import { formatBytes } from '../../format';
import { readBackupManifest, readBaseFacts, readMajor } from '../../pgdata/restoring';
import {
  bringsWal,
  combinerFor,
  combineSteps,
  placedBeside,
  wholeChain,
  type BackupSet,
  type Chain,
} from '../../physical';
import type { Estimate, PlacedTablespace, Plan, Step, Warning } from '../../plan';
import { serverBuilds } from '../../tools';
import { nameOf } from '../source';
import type { DirectoryContext, DirectoryRequest } from './types';

/**
 * What restoring a base backup into a folder will do. Its chain is combined first; every backup is checked against its
 * manifest before anything gets its final name. Throws `basebackup.brokenChain`, `tool.missing`, `restore.tablespace`.
 */
export async function planRestoreDirectory(
  request: DirectoryRequest,
  context: DirectoryContext,
): Promise<Plan> {
  const { signal } = context;
  const final = resolve(request.directory);
  const chain = await wholeChain(resolve(request.artifact), { signal });
  const set = { ...chain.set, major: chain.set.major ?? (await readMajor(chain.set.where, { signal })) };
  const tablespaces = await tablespacesOf(set, final, request);
  const warnings = [
    ...(await checkTarget(final)),
    ...(await Promise.all(tablespaces.map((space) => checkTarget(space.final)))).flat(),
    ...(await checkRecovery(set, request)),
  ];
  const start = startOf(request, set, context);
  const estimate = await roomFor(chain, final, signal);
  if (estimate.bytes !== null && estimate.freeBytes !== null && estimate.bytes > estimate.freeBytes)
    warnings.push({
      code: 'space.low',
      text: l10n.t(
        'It takes {0}, and {1} are free.',
        formatBytes(estimate.bytes),
        formatBytes(estimate.freeBytes),
      ),
      blocks: true,
    });
  return {
    version: 1,
    kind: 'restoreFiles',
    title: l10n.t('Restore {0} into {1}', nameOf(set.where), final),
    connections: {},
    steps: [
      ...(await fillSteps({ ...chain, set }, final, tablespaces, request, context)),
      settleStep(final, tablespaces, request),
      ...(start.step ? [start.step] : []),
    ],
    onFailure: [],
    locks: [{ server: 'folder', database: final }],
    restores: set.where,
    destroys: [],
    // A cluster that does not start is there all the same.
    ...(start.step
      ? {}
      : { ifItFails: l10n.t('Nothing is at "{0}" then, and the backup is as it was.', final) }),
    wayBack: l10n.t('Stop the cluster if it runs, and delete the folder.'),
    warnings: [...warnings, ...start.warnings],
    estimate,
    facts: {
      artifact: set.where,
      directory: final,
      as: request.as ?? 'primary',
      backups: chain.members.length,
      systemIdentifier: set.systemIdentifier,
    },
  };
}

async function fillSteps(
  chain: Chain,
  final: string,
  tablespaces: PlacedTablespace[],
  { way = 'copy' }: DirectoryRequest,
  { builds }: DirectoryContext,
): Promise<Step[]> {
  const folder = partialPath(final);
  const { set, members } = chain;
  if (members.length > 1)
    return await combineSteps({
      ...{ chain, folder, tablespaces, way },
      build: combinerFor(set, builds),
      stage: partialPath(`${final}.chain`),
    });
  const { hasManifest } = await readBaseFacts(set.where);
  return [
    {
      do: 'placeBackup',
      title: l10n.t('Bring the files over'),
      weight: set.bytes,
      from: set.where,
      folder,
      tablespaces,
    },
    ...(hasManifest
      ? [
          {
            do: 'checkBackup' as const,
            title: l10n.t('Check every file'),
            weight: Math.round(set.bytes / 4),
            folder,
            wal: await bringsWal(set),
          },
        ]
      : []),
  ];
}

function settleStep(
  final: string,
  tablespaces: PlacedTablespace[],
  { as = 'primary', primaryConninfo, restoreCommand, settings, files }: DirectoryRequest,
): Step {
  return {
    do: 'settleBackup',
    title: l10n.t('Make it ready and name it'),
    weight: 1_000_000,
    folder: partialPath(final),
    final,
    tablespaces,
    as,
    settings: {
      ...settings,
      ...(primaryConninfo === undefined ? {} : { primary_conninfo: primaryConninfo }),
      ...(restoreCommand === undefined ? {} : { restore_command: restoreCommand }),
    },
    recovers: restoreCommand !== undefined,
    ...(files ? { files } : {}),
  };
}

/** By a person's choice, else beside the data directory. Throws `restore.tablespace` for one that is not in the backup. */
async function tablespacesOf(
  { where }: BackupSet,
  final: string,
  { tablespaces: wanted = {} }: DirectoryRequest,
): Promise<PlacedTablespace[]> {
  const { tablespaces } = await readBaseFacts(where);
  const known = new Map((await readManifest(where))?.base?.tablespaces.map((space) => [space.oid, space]));
  const left = new Map(Object.entries(wanted));
  const placed = placedBeside(
    final,
    tablespaces.map(({ oid }) => oid),
  ).map((space, i) => {
    const facts = known.get(space.oid);
    const names = [String(space.oid), facts?.name, facts?.location, tablespaces[i]!.location];
    const name = names.find((one) => one !== undefined && left.has(one));
    if (name === undefined) return space;
    const chosen = resolve(left.get(name)!);
    left.delete(name);
    return { oid: space.oid, folder: partialPath(chosen), final: chosen };
  });
  const [strange] = left.keys();
  if (strange === undefined) return placed;
  throw new RestorePointError({
    code: 'restore.tablespace',
    what: l10n.t('The backup has no tablespace "{0}".', strange),
    why: tablespaces.length
      ? l10n.t(
          'It has: {0}.',
          tablespaces.map(({ oid, location }) => known.get(oid)?.name ?? location).join(', '),
        )
      : l10n.t('It has none beside the data directory.'),
    next: l10n.t('Name tablespaces by name, OID or old folder.'),
  });
}

/** Missing or empty, and not a file system of its own: its name is given at the end, by a rename. */
async function checkTarget(path: string): Promise<Warning[]> {
  const facts = await lstat(path).catch(() => null);
  if (!facts) return [];
  const blocked = (code: string, text: string): Warning[] => [{ code, text, blocks: true }];
  if (!facts.isDirectory())
    return blocked('restore.notAFolder', l10n.t('"{0}" is no folder. Choose another one.', path));
  if ((await readdir(path)).length > 0)
    return blocked(
      'restore.notEmpty',
      l10n.t('"{0}" is not empty, and nothing there is replaced. Choose another folder, or empty it.', path),
    );
  if ((await stat(dirname(path))).dev !== facts.dev)
    return blocked(
      'restore.mountPoint',
      l10n.t('"{0}" is where a file system is mounted. Choose a folder inside of it.', path),
    );
  return [];
}

async function checkRecovery(
  set: BackupSet,
  { as = 'primary', primaryConninfo, restoreCommand }: DirectoryRequest,
): Promise<Warning[]> {
  if (/\bpassword\s*=|:\/\/[^/@]*:[^/@]*@/.test(primaryConninfo ?? ''))
    return [
      {
        code: 'restore.secret',
        text: l10n.t(
          'A password must not be part of primary_conninfo: put it into the password file of the user the standby runs as.',
        ),
        blocks: true,
      },
    ];
  const noWal = !(await bringsWal(set)) && (await hasOwnManifest(set));
  if (noWal && restoreCommand === undefined && (as === 'primary' || primaryConninfo === undefined))
    return [
      {
        code: 'restore.noWal',
        text: l10n.t('The backup has no WAL in it: say where the archive is with --restore-command.'),
        blocks: true,
      },
    ];
  if (as === 'standby' && primaryConninfo === undefined && restoreCommand === undefined)
    return [
      {
        code: 'restore.noPrimary',
        text: l10n.t(
          'The standby knows no primary and no archive: it will wait in recovery until primary_conninfo is set.',
        ),
      },
    ];
  return [];
}

/** Only of ours it is certain how the WAL was taken. */
async function hasOwnManifest({ where }: BackupSet): Promise<boolean> {
  return (await readManifest(where))?.base !== undefined;
}

function startOf(
  { start, directory, onlyOwner }: DirectoryRequest,
  { major }: BackupSet,
  { builds }: DirectoryContext,
): { step: Step | null; warnings: Warning[] } {
  if (!start) return { step: null, warnings: [] };
  const build = serverBuilds(builds).find(({ version }) => version.major === major);
  if (!build)
    return {
      step: null,
      warnings: [
        {
          code: 'restore.noServer',
          text: l10n.t(
            'The cluster is of PostgreSQL {0}, and the server programs of that release are not here: no other can start it. Install them, or restore without starting.',
            major ?? '?',
          ),
          blocks: true,
        },
      ],
    };
  const folder = resolve(directory);
  return {
    step: {
      do: 'startDirectory',
      title: l10n.t('Start the cluster'),
      weight: 5_000_000,
      build,
      folder,
      port: start.port,
      socketFolder: start.socketFolder === undefined ? folder : resolve(start.socketFolder),
      ...(onlyOwner ? { onlyOwner } : {}),
    },
    warnings: [],
  };
}

/** The full backup is as large as the cluster; what has to be unpacked on the way takes its room, too. */
async function roomFor(chain: Chain, final: string, signal: AbortSignal | undefined): Promise<Estimate> {
  let bytes: number | null = 0;
  for (const { where } of chain.members) {
    const facts = await readBackupManifest(createReadStream(join(where, 'backup_manifest')), () => {}, {
      signal,
    }).catch(() => null);
    bytes = facts && bytes !== null ? bytes + facts.bytes : null;
  }
  let folder = dirname(final);
  while (!(await stat(folder).catch(() => null)) && dirname(folder) !== folder) folder = dirname(folder);
  const space = await statfs(folder).catch(() => null);
  return {
    bytes,
    freeBytes: space ? space.bavail * space.bsize : null,
    durationMs: null,
    basis: l10n.t('The sizes of the files in the manifest.'),
  };
}
