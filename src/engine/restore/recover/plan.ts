import { resolve } from 'node:path';
import * as l10n from '@vscode/l10n';
import type { Connection, ResolvedConnection } from '../../connections/types';
import { readGround, recoveryWindows, type RecoveryTarget, type RecoveryWindow } from '../../physical';
import type { Plan, Step } from '../../plan';
import { planRestoreDirectory } from '../directory';
import { connectionTo, sideFiles } from './facts';
import { windowFor } from './meet';
import { serverTarget, type ServerTarget } from './serverTarget';
import { targetSettings } from './settings';
import { targetText } from './target';
import type { RecoveryContext, RecoveryRequest } from './types';

/** What can be recovered to, newest backup first. Throws what reading folders throws. */
export async function findWindows(
  { backups, wal }: Pick<RecoveryRequest, 'backups' | 'wal'>,
  { signal }: { signal?: AbortSignal } = {},
): Promise<RecoveryWindow[]> {
  const { sets, archives, ownWal } = await readGround(
    { backups, wal: wal === undefined ? [] : [wal] },
    { signal },
  );
  return recoveryWindows(sets, archives[0] ?? null, ownWal);
}

/**
 * What recovering to a moment will do. A moment that cannot be reached is refused here, before anything is copied. Throws
 * `recovery.nothing`, `recovery.unreachable`, `recovery.time`, and what restoring a base backup throws.
 */
export async function planRecovery(request: RecoveryRequest, context: RecoveryContext): Promise<Plan> {
  const { target, exclusive = false, wal, port, keepAs } = request;
  const windows = await findWindows(request, context);
  const archive = wal === undefined ? null : resolve(wal);
  const from = request.from === undefined ? {} : { from: resolve(request.from) };
  const { window, met } = await windowFor(windows, { ...request, ...from }, archive, context.signal);
  const { set, timeline } = window;
  const told: ServerTarget = (await serverTarget({ target, exclusive }, window, archive, context.signal)) ?? {
    ...endOfBackup,
    note: l10n.t('No transaction was committed after the backup: it stops at its end.'),
  };
  const directory = resolve(request.directory);
  const socketFolder = resolve(request.socketFolder ?? directory);
  const user = request.user ?? 'postgres';
  const connection = connectionTo({ socketFolder, port, user });
  const restored = await planRestoreDirectory(
    {
      artifact: set.where,
      directory,
      // Without an archive there is only what lies in the backup: nothing is fetched.
      restoreCommand: archive === null ? 'false' : context.fetchCommand(archive),
      start: { port, socketFolder },
      settings: targetSettings(told.target, { exclusive: told.exclusive, timeline }),
      onlyOwner: true,
      files: sideFiles({
        ...{ backup: set.where, wal: archive },
        ...{ target, exclusive, timeline, port, socketFolder, user },
      }),
      ...(request.tablespaces ? { tablespaces: request.tablespaces } : {}),
      ...(request.way ? { way: request.way } : {}),
    },
    context,
  );
  const reach: Step = {
    do: 'reachTarget',
    title: l10n.t('Replay the WAL'),
    weight: 20_000_000,
    connection: 'recovered',
    database: 'postgres',
    folder: directory,
    from: window.from.lsn,
    to: met?.lsn ?? replayedTo(told.target, window),
    pauses: target.kind !== 'latest',
    ...(keepAs ? { keepAs: sideConnection(connection, keepAs, directory) } : {}),
  };
  return {
    ...restored,
    title: l10n.t('Recover {0} into {1}', targetText(target), directory),
    connections: { recovered: connection },
    steps: [...restored.steps, reach],
    ifItFails: l10n.t(
      'No cluster runs then. What there is at "{0}" by then goes by restore-point recover --remove.',
      directory,
    ),
    wayBack: l10n.t('Stop the cluster and delete the folder: restore-point recover --remove does both.'),
    checked: [
      {
        code: 'recovery.window',
        text: l10n.t(
          'From {0}, WAL on timeline {1} reaches from {2} to {3}.',
          set.where,
          timeline,
          window.from.time,
          window.to.time,
        ),
      },
      ...(met
        ? [
            {
              code: 'recovery.found',
              text: l10n.t('It lies at {0} in the WAL, {1}.', met.lsn, met.time),
            },
          ]
        : []),
      ...(told.note === null ? [] : [{ code: 'recovery.lastCommit', text: told.note }]),
      {
        code: 'recovery.alone',
        text: l10n.t(
          'The cluster listens on a socket that only its owner can open, asks for no password there, and archives nothing.',
        ),
      },
      ...(restored.checked ?? []),
    ],
    facts: {
      ...restored.facts,
      target: targetText(target),
      exclusive,
      timeline,
      from: window.from.lsn,
      to: window.to.lsn,
    },
  };
}

const endOfBackup = { target: { kind: 'immediate' }, exclusive: false } as const;

/** Where replaying ends, as far as that is known beforehand. */
export function replayedTo(target: RecoveryTarget, { from, to }: RecoveryWindow): string {
  return target.kind === 'lsn' ? target.lsn : target.kind === 'immediate' ? from.lsn : to.lsn;
}

/** What the cluster is listed as: it is on this machine, and nobody's but ours. */
function sideConnection(
  { settings }: ResolvedConnection,
  { id, name, of }: NonNullable<RecoveryRequest['keepAs']>,
  directory: string,
): Connection {
  return { ...{ id, name, role: 'local', settings }, recovered: { directory, of } };
}
