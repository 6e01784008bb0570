import { join } from 'node:path';
import * as l10n from '@vscode/l10n';
import { partialPath } from '../artifacts';
import type { BaseBackupDraft } from '../artifacts/types';
import { roleOf } from '../connections';
import { RestorePointError } from '../errors';
import { tablespacesBeside } from '../pgdata/restoring';
import type { Plan, SqlStep, Step, ToolStep, Warning } from '../plan';
import { quoteLiteral } from '../quote';
import { chooseForDump, toArguments } from '../tools';
import type { ClientBuild } from '../tools/types';
import { assemble, given } from './assemble';
import { checkServer, type BaseNeeds } from './base/checks';
import {
  baseCompressionArgument,
  baseCompressionLabel,
  defaultBaseCompression,
  parseBaseCompression,
  uncompressed,
  type BaseCompression,
} from './base/compression';
import { chooseParent, type Parent } from './base/parent';
import { checkPlace, pathOf } from './base/place';
import { probeReplication } from './base/probe';
import { readBaseServer, type BaseServer } from './base/server';
import { estimate, pastManifests } from './estimate';
import { checkExtra } from './extra';
import type { Answers, BackupMethod, BaseBackupRequest, PlanContext } from './types';

/** Bytes the WAL and the start of the backup count for at least. */
const leastWeight = 20_000_000;

type Format = NonNullable<BaseBackupRequest['format']>;

async function plan(request: BaseBackupRequest, context: PlanContext): Promise<Plan> {
  const { access } = context;
  const { connection } = access;
  const { level = 'full', format = 'basebackup-tar', options = {} } = request;
  const server = await readBaseServer(context);
  const { build, reasons } = chooseForDump(context.builds, server.version, { tool: 'pg_basebackup' });
  refusePrefix(build);
  const compression = compressionOf(request, format, server, build);
  const parent = await chooseParent(request, server, context);
  const needs = needsOf(options, level, parent);
  const warnings = [
    ...(await probeReplication(context)),
    ...checkServer(server, needs),
    ...(parent?.warnings ?? []),
  ];
  const label = format === 'basebackup-tar' ? baseCompressionLabel(compression) : 'none';
  const path = pathOf(request, context, connection.name, format, level === 'full' ? undefined : level);
  const asked: Asked = {
    ...{ request, format, server, build, compression, parent, needs, path },
    database: connection.settings.database,
    spread: isProduction(context),
  };
  const target = options.target === undefined ? null : String(options.target);
  if (target !== null) return elsewhere(asked, context, warnings, target);
  const folder = await checkPlace(path);
  const { steps, onFailure } = stepsOf(asked, partialPath(path));
  const base: BaseBackupDraft = {
    level,
    parent: parent?.set.id ?? null,
    walMethod: needs.walMethod,
    tablespaces: server.tablespaces,
    databases: server.databases,
  };
  const beside = tablespacesBeside(path);
  return assemble({
    kind: 'backup',
    title: titleOf(level, connection.name),
    context,
    steps,
    onFailure,
    locks: [],
    artifact: {
      method: 'basebackup',
      format,
      compression: label,
      path,
      members: [
        { path, holds: 'cluster' },
        ...(isMapped(asked) ? [{ path: beside, holds: 'tablespaces' }] : []),
      ],
      options: { ...options, ...given({ level, parent: parent?.set.where, extra: request.extra }) },
      notes: request.notes ?? '',
      connectionName: connection.name,
      database: '*',
      base,
    },
    verify: request.verify ?? 'checksum',
    warnings: [...folder.warnings, ...warnings],
    estimate: estimate(
      {
        method: 'basebackup',
        format,
        compression: format === 'basebackup-tar' ? compression.method : 'none',
        compressionLabel: label,
        database: '*',
        relations: [{ schema: '', name: '', bytes: server.bytes, rows: null }],
        freeBytes: folder.freeBytes,
      },
      (await pastManifests(path)).filter((past) => past.base?.level === level),
    ),
    facts: {
      level,
      parent: parent?.set.where ?? null,
      client: build.version.text,
      reason: reasons.join(' '),
    },
  });
}

interface Asked {
  request: BaseBackupRequest;
  format: Format;
  server: BaseServer;
  build: ClientBuild;
  compression: BaseCompression;
  parent: Parent | null;
  /** Where the steps log in for SQL. */
  database: string;
  needs: BaseNeeds;
  path: string;
  /** Do not hurry the server's checkpoint. */
  spread: boolean;
}

function isProduction({ access: { connection } }: PlanContext): boolean {
  return roleOf(connection, connection.settings.database) === 'production';
}

function titleOf(level: string, name: string): string {
  if (level === 'incremental') return l10n.t('Incremental base backup of {0}', name);
  return level === 'differential'
    ? l10n.t('Differential base backup of {0}', name)
    : l10n.t('Base backup of {0}', name);
}

/** Our own mapping of tablespaces, unless a person has one: of plain backups only, tar files hold them apart. */
function isMapped({ format, request, server }: Asked): boolean {
  return (
    format === 'basebackup-plain' &&
    server.tablespaces.length > 0 &&
    request.options?.['tablespace-mapping'] === undefined
  );
}

/** A slot that is to stay is made by a step of its own, so that only what this job made is dropped when it fails. */
function stepsOf(asked: Asked, target: string | null): { steps: Step[]; onFailure: Step[] } {
  const { needs } = asked;
  const tool = toolStep(asked, target);
  if (!needs.createsSlot || needs.slot === undefined) return { steps: [tool], onFailure: [] };
  const sql = (title: string, statement: string, more: Partial<SqlStep>): SqlStep => ({
    do: 'sql',
    title,
    weight: 1,
    connection: 'source',
    database: asked.database,
    statements: [statement],
    ...more,
  });
  const slot = quoteLiteral(needs.slot);
  return {
    steps: [
      sql(
        l10n.t('Make the replication slot {0}', needs.slot),
        `select pg_catalog.pg_create_physical_replication_slot(${slot}, true)`,
        {},
      ),
      tool,
    ],
    onFailure: [
      sql(
        l10n.t('Drop the replication slot {0}', needs.slot),
        `select pg_catalog.pg_drop_replication_slot(${slot})`,
        {
          tolerant: true,
          onlyAfter: 0,
        },
      ),
    ],
  };
}

/** @param target the folder, null for a target on the server. */
function toolStep(asked: Asked, target: string | null): ToolStep {
  const { request, format, server, build, compression, parent, needs, spread } = asked;
  const options: Answers = {
    label: 'restore-point',
    checkpoint: spread ? 'spread' : 'fast',
    ...request.options,
    'wal-method': needs.walMethod,
  };
  for (const flag of ['create-slot', 'gzip', 'compress']) delete options[flag];
  if (format === 'basebackup-tar' || compression.method !== 'none')
    options.compress = baseCompressionArgument(compression, build);
  const beside = partialPath(tablespacesBeside(asked.path));
  if (isMapped(asked))
    options['tablespace-mapping'] = server.tablespaces.map(
      ({ oid, location }) => `${mapped(location)}=${mapped(join(beside, String(oid)))}`,
    );
  return {
    do: 'tool',
    title: l10n.t('Copy the files of the cluster'),
    weight: server.bytes + leastWeight,
    tool: 'pg_basebackup',
    build,
    args: [
      ...(target === null
        ? []
        : [`--pgdata=${target}`, `--format=${format === 'basebackup-tar' ? 'tar' : 'plain'}`]),
      '--progress',
      '--verbose',
      ...(parent ? [`--incremental=${parent.manifest}`] : []),
      ...toArguments('pg_basebackup', build.version, options),
      ...checkExtra('pg_basebackup', build.version, request.extra ?? []),
    ],
    connection: 'source',
    database: asked.database,
    ...(target === null ? {} : { writes: target }),
    ...(isMapped(asked) ? { alsoWrites: [beside] } : {}),
    dialect: 'pg_basebackup',
  };
}

/** `=` parts the two folders of a mapping, and is escaped inside of them. */
function mapped(folder: string): string {
  return folder.replaceAll('=', '\\=');
}

/** A backup that the server keeps itself, or throws away: nothing comes here that could be an artifact. */
function elsewhere(asked: Asked, context: PlanContext, warnings: Warning[], target: string): Plan {
  const { build, server, request } = asked;
  const { steps, onFailure } = stepsOf(asked, null);
  return {
    version: 1,
    kind: 'backup',
    title: titleOf(request.level ?? 'full', context.access.connection.name),
    connections: { source: context.access.connection },
    steps,
    onFailure,
    locks: [],
    destroys: [],
    wayBack: null,
    warnings: [
      ...warnings,
      {
        code: 'basebackup.target',
        text:
          target === 'blackhole'
            ? l10n.t('Nothing is kept: the server reads its files and throws them away.')
            : l10n.t(
                'The server writes the backup into a folder of its own: it is not listed here, and cannot be verified here.',
              ),
      },
    ],
    estimate: {
      bytes: server.bytes,
      freeBytes: null,
      durationMs: null,
      basis: l10n.t('The size of the databases.'),
    },
    facts: { method: 'basebackup', target, client: build.version.text },
  };
}

function needsOf(options: Answers, level: BaseNeeds['level'], parent: Parent | null): BaseNeeds {
  const asked = options['wal-method'];
  // A target on the server gets no stream beside the files.
  const usual = options.target === undefined ? 'stream' : 'fetch';
  return {
    walMethod: (asked === undefined ? usual : String(asked)) as BaseNeeds['walMethod'],
    ...(options.slot === undefined ? {} : { slot: String(options.slot) }),
    createsSlot: options['create-slot'] === true,
    noSlot: options['no-slot'] === true,
    level,
    ...(parent ? { parentStart: parent.set.startLsn } : {}),
  };
}

function compressionOf(
  { options = {} }: BaseBackupRequest,
  format: Format,
  server: BaseServer,
  build: ClientBuild,
): BaseCompression {
  const wanted = parseBaseCompression(options);
  if (options.target !== undefined) return wanted ?? uncompressed;
  if (format === 'basebackup-tar') return wanted ?? defaultBaseCompression(server, build);
  // What a server sends compressed is unpacked again: it only saves the network.
  if (!wanted || wanted.method === 'none' || wanted.where === 'server') return wanted ?? uncompressed;
  throw new RestorePointError({
    code: 'backup.option',
    what: l10n.t('A plain base backup cannot be compressed.'),
    why: l10n.t('Its files are those of the cluster, ready to be started.'),
    next: l10n.t('Take the format tar, or server compression, which saves the network only.'),
  });
}

function refusePrefix({ prefix }: ClientBuild): void {
  if (!prefix?.length) return;
  throw new RestorePointError({
    code: 'backup.directoryThroughPrefix',
    what: l10n.t('A base backup cannot be made by tools that run elsewhere.'),
    why: l10n.t(
      '"{0}" would write the folder on its side; only a single stream comes back.',
      prefix.join(' '),
    ),
    next: l10n.t('Take client programs on this machine.'),
    remedies: [{ do: 'addToolFolder' }],
  });
}

export const basebackup: BackupMethod<BaseBackupRequest> = {
  method: 'basebackup',
  label: () => l10n.t('Whole server, its files'),
  summary: () =>
    l10n.t(
      'All files of the cluster by pg_basebackup, full or incremental: the base of point-in-time recovery.',
    ),
  formats: ['basebackup-tar', 'basebackup-plain'],
  tool: 'pg_basebackup',
  plan,
};
