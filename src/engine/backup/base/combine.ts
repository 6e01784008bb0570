import { dirname, resolve } from 'node:path';
import * as l10n from '@vscode/l10n';
import { checkFolder, draftPath, partialPath, readManifest } from '../../artifacts';
import { RestorePointError } from '../../errors';
import { readBaseFacts, readMajor, tablespacesBeside } from '../../pgdata/restoring';
import { bringsWal, combinerFor, combineSteps, placedBeside, wholeChain, type CopyWay } from '../../physical';
import type { Plan } from '../../plan';
import type { ClientBuild } from '../../tools/types';
import { spaceWarning } from '../estimate';
import type { Answers, VerifyLevel } from '../types';

/** A new full backup of an incremental one and its chain: a synthetic full one. The server is not asked. */
export interface CombineBackupRequest {
  /** Path of the last backup of the chain. */
  artifact: string;
  /** Folder the new one goes to; absent: beside the others. */
  folder?: string;
  /** Exactly there instead. */
  path?: string;
  /** How unchanged files come over. Default `copy`. */
  way?: CopyWay;
  /** Further options of pg_combinebackup. */
  options?: Answers;
  notes?: string;
  verify?: VerifyLevel | 'none';
}

/** Throws `basebackup.brokenChain`, `basebackup.full`, `tool.missing`, `folder.unwritable`. */
export async function planCombine(
  request: CombineBackupRequest,
  { builds, now, signal }: { builds: ClientBuild[]; now: Date; signal?: AbortSignal },
): Promise<Plan> {
  const chain = await wholeChain(resolve(request.artifact), { signal });
  const { members } = chain;
  const set = { ...chain.set, major: chain.set.major ?? (await readMajor(chain.set.where, { signal })) };
  if (members.length < 2)
    throw new RestorePointError({
      code: 'basebackup.full',
      what: l10n.t('"{0}" is a full backup already.', set.where),
      why: '',
      next: l10n.t('Choose an incremental one: it is combined with all that it needs.'),
    });
  const build = combinerFor(set, builds);
  const own = await readManifest(set.where);
  const facts = await readBaseFacts(set.where, { signal });
  const connectionName = own?.source.connection ?? '';
  const path =
    request.path ??
    (request.folder === undefined
      ? besideOf(set.where, now)
      : draftPath(request.folder, {
          connection: connectionName || 'server',
          database: '*',
          format: 'basebackup-plain',
          at: now,
          scope: 'combined',
        }));
  const folder = await checkFolder(dirname(path));
  const placed = placedBeside(
    path,
    facts.tablespaces.map(({ oid }) => oid),
  );
  const steps = await combineSteps({
    ...{ chain: { ...chain, set }, build },
    folder: partialPath(path),
    tablespaces: placed,
    way: request.way ?? 'copy',
    stage: partialPath(`${path}.chain`),
    options: request.options,
  });
  const bytes = members.reduce((sum, member) => sum + member.bytes, 0);
  const estimate = {
    bytes,
    freeBytes: folder.freeBytes,
    durationMs: null,
    basis: l10n.t('The sizes of the backups that are combined.'),
  };
  const verify = request.verify ?? 'checksum';
  return {
    version: 1,
    kind: 'backup',
    title: l10n.t('Combine {0} base backups into a full one', members.length),
    connections: {},
    steps: [
      ...steps,
      { do: 'finishArtifact', title: l10n.t('Check and name it'), weight: Math.round(bytes / 4), verify },
    ],
    onFailure: [],
    locks: [],
    artifact: {
      method: 'basebackup',
      format: 'basebackup-plain',
      compression: 'none',
      path,
      members: [
        { path, holds: 'cluster' },
        ...(placed.length ? [{ path: tablespacesBeside(path), holds: 'tablespaces' }] : []),
      ],
      options: { ...request.options, combined: members.map(({ where }) => where) },
      notes: request.notes ?? '',
      connectionName,
      database: '*',
      source: {
        server: own?.source.server ?? '',
        serverVersion: own?.source.serverVersion ?? String(set.major ?? ''),
        systemIdentifier: set.systemIdentifier,
        lsn: set.startLsn,
      },
      base: {
        level: 'full',
        parent: null,
        walMethod: own?.base?.walMethod ?? ((await bringsWal(set)) ? 'stream' : 'none'),
        tablespaces: facts.tablespaces.map(({ oid, location }) => {
          const known = own?.base?.tablespaces.find((space) => space.oid === oid);
          return { oid, name: known?.name ?? '', location: known?.location ?? location };
        }),
        databases: own?.base?.databases ?? [],
        combinedFrom: members.map(({ id }) => id),
      },
    },
    destroys: [],
    wayBack: null,
    warnings: [...folder.warnings, ...spaceWarning(estimate)],
    estimate,
    facts: {
      method: 'basebackup',
      format: 'basebackup-plain',
      level: 'full',
      backups: members.length,
      verify,
      client: build.version.text,
    },
  };
}

/** `…/server.combined_TIME.base` beside the last backup of the chain. */
function besideOf(where: string, now: Date): string {
  const folder = dirname(where);
  const time = now.toISOString().replace(/[-:]|\.\d+/g, '');
  return resolve(folder, `server.combined_${time}.base`);
}
