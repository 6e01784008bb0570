import { join, resolve } from 'node:path';
import * as l10n from '@vscode/l10n';
import { partialPath } from '../artifacts';
import { tablespacesBeside, readControlFile } from '../pgdata/restoring';
import { roleOf, withClient } from '../connections';
import type { Plan, Warning } from '../plan';
import { assemble, given } from './assemble';
import { checkPages, checkTablespaces, checkWalLevel } from './base/checks';
import { checkOutside, checkPlace, pathOf } from './base/place';
import { readBaseServer, type BaseServer } from './base/server';
import { estimate, type Expected } from './estimate';
import type { BackupMethod, LowLevelRequest, PlanContext } from './types';

const patienceSeconds = 600;

/** Throws what connecting throws, and `folder.unwritable`. */
async function plan(request: LowLevelRequest, context: PlanContext): Promise<Plan> {
  const { connection } = context.access;
  const { options = {}, copyCommand, walFrom } = request;
  const { database } = connection.settings;
  const server = await readBaseServer(context);
  const directory = request.directory === undefined ? server.dataDirectory : resolve(request.directory);
  const isProduction = roleOf(connection, database) === 'production';
  const path = pathOf(request, context, connection.name, 'basebackup-plain');
  const folder = await checkPlace(path);
  const { tablespaces, databases, bytes } = server;
  const label = String(options.label ?? 'restore-point');
  const checkpoint = String(options.checkpoint ?? (isProduction ? 'spread' : 'fast'));
  const expected: Expected = {
    method: 'low-level',
    format: 'basebackup-plain',
    compression: 'none',
    compressionLabel: 'none',
    database: '*',
    relations: [{ schema: '', name: '', bytes, rows: null }],
    freeBytes: folder.freeBytes,
  };
  return assemble({
    kind: 'backup',
    title: l10n.t('Base backup of {0} by a copy of its files', connection.name),
    context,
    steps: [
      {
        do: 'copyOnline',
        title: l10n.t('Copy the files of the cluster in backup mode'),
        weight: bytes,
        connection: 'source',
        database,
        directory: directory ?? '',
        folder: partialPath(path),
        tablespaces: tablespaces.map(({ oid, location }) => ({
          oid,
          location,
          folder: join(partialPath(tablespacesBeside(path)), String(oid)),
        })),
        command: copyCommand ?? null,
        label,
        fast: checkpoint === 'fast',
        walFrom: walFrom === undefined ? null : resolve(walFrom),
        walSeconds: request.walSeconds ?? patienceSeconds,
      },
    ],
    locks: [],
    artifact: {
      ...{ method: 'low-level', format: 'basebackup-plain', compression: 'none', path },
      members: [
        { path, holds: 'cluster' },
        ...(tablespaces.length ? [{ path: tablespacesBeside(path), holds: 'tablespaces' }] : []),
      ],
      options: { ...options, ...given({ copyCommand, directory: request.directory, walFrom }) },
      notes: request.notes ?? '',
      connectionName: connection.name,
      database: '*',
      base: { level: 'full', parent: null, walMethod: 'none', tablespaces, databases },
    },
    // Sums that were taken from the copy itself say nothing about it.
    verify: request.verify ?? (copyCommand === undefined ? 'checksum' : 'none'),
    warnings: [
      ...folder.warnings,
      ...checkWalLevel(server),
      ...checkPages(server),
      ...checkTablespaces(server),
      ...checkArchive(server, walFrom),
      ...(await checkRight(context)),
      ...(await checkCopy(request, server, directory)),
      ...(copyCommand === undefined && directory !== null
        ? await checkOutside(path, [directory, ...tablespaces.map(({ location }) => location)])
        : []),
    ],
    estimate: estimate(expected, []),
    facts: { level: 'full', directory, label, checkpoint },
  });
}

const warn = (code: string, text: string, blocks = true): Warning => ({
  code: `lowlevel.${code}`,
  text,
  ...(blocks ? { blocks } : {}),
});

/** Its WAL is in no copy. */
function checkArchive({ archiving, inRecovery }: BaseServer, walFrom: string | undefined): Warning[] {
  if (archiving || walFrom !== undefined)
    return inRecovery
      ? [
          warn(
            'standby',
            l10n.t(
              'The server is a standby, which cannot end a segment: the WAL to the end of the backup is archived when its primary has filled the segment. Where little is written, have it ended there while the backup waits (SELECT pg_switch_wal();).',
            ),
            false,
          ),
        ]
      : [];
  if (inRecovery)
    return [
      warn(
        'standbyArchive',
        l10n.t(
          'Such a backup can be restored with the WAL archive only, and the server is a standby that archives none by itself (archive_mode is not always): what its primary has archived it does not know. Name the folder of the archive with --wal-from, or use --method basebackup, which brings the WAL along.',
        ),
      ),
    ];
  return [
    warn(
      'noArchive',
      l10n.t(
        'Such a backup can be restored with the WAL archive only, and the server archives none (archive_mode = off). Set up archiving (restore-point wal push), name the folder that pg_receivewal writes to with --wal-from, or use --method basebackup, which brings the WAL along.',
      ),
    ),
  ];
}

async function checkRight({ access, signal }: PlanContext): Promise<Warning[]> {
  const { user, database } = access.connection.settings;
  return await withClient(
    access,
    database,
    async (client) => {
      const { rows } = await client.query<{ allowed: boolean }>(
        `select bool_and(pg_catalog.has_function_privilege(oid, 'EXECUTE')) as allowed from pg_catalog.pg_proc
          where pronamespace = 'pg_catalog'::regnamespace
            and proname in ('pg_backup_start', 'pg_backup_stop', 'pg_start_backup', 'pg_stop_backup')`,
      );
      if (rows[0]?.allowed === true) return [];
      return [
        warn(
          'right',
          l10n.t(
            'The role "{0}" may not begin and end a backup. Have EXECUTE on pg_backup_start and pg_backup_stop granted to it by a superuser (before 15: pg_start_backup and pg_stop_backup).',
            user,
          ),
        ),
      ];
    },
    { signal, applicationName: 'restore-point plan' },
  );
}

/** Our own copy reads the files here; a command is the user's own matter, but for the control file of a standby, which is copied last. */
async function checkCopy(
  { copyCommand }: LowLevelRequest,
  { systemIdentifier, inRecovery }: BaseServer,
  directory: string | null,
): Promise<Warning[]> {
  if (directory === null)
    return [
      warn(
        'directory',
        l10n.t(
          'The role may not ask where the data directory is: name it with --directory, or grant it pg_read_all_settings.',
        ),
      ),
    ];
  if (copyCommand !== undefined && !['%source', '%target'].every((place) => copyCommand.includes(place)))
    return [
      warn(
        'command',
        l10n.t(
          "The copy command has to say %source and %target: 'rsync -a %source/ %target/'. They are quoted when they are put in.",
        ),
      ),
    ];
  if (copyCommand !== undefined && !inRecovery) return [];
  try {
    const control = await readControlFile(directory);
    if (systemIdentifier === null || control.systemIdentifier === systemIdentifier) return [];
    return [
      warn(
        'otherCluster',
        l10n.t(
          'The data directory "{0}" on this machine is of another cluster: system identifier {1}, and the server has {2}. Name the right one with --directory.',
          directory,
          control.systemIdentifier,
          systemIdentifier,
        ),
      ),
    ];
  } catch (error) {
    if (copyCommand !== undefined)
      return [
        warn(
          'standbyCommand',
          l10n.t(
            'The control file of a standby has to be copied last, so we take it ourselves after the command, and the data directory "{0}" cannot be read here: {1} Run this on the machine and as the user of the server, name the place where it is mounted with --directory, or use --method basebackup.',
            directory,
            (error as Error).message,
          ),
        ),
      ];
    return [
      warn(
        'noDirectory',
        l10n.t(
          'The data directory "{0}" cannot be read here: {1} Run this on the machine and as the user of the server, name the place where it is mounted with --directory, or copy it with --copy-command.',
          directory,
          (error as Error).message,
        ),
      ),
    ];
  }
}

export const lowLevel: BackupMethod<LowLevelRequest> = {
  method: 'low-level',
  label: () => l10n.t('Whole server, by your own copy of its files'),
  summary: () =>
    l10n.t(
      'All files of the cluster, copied by your command or by us while the server is in backup mode; the WAL is archived apart.',
    ),
  formats: ['basebackup-plain'],
  tool: null,
  plan,
};
